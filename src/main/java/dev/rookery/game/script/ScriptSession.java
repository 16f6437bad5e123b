package dev.rookery.game.script;

import dev.rookery.extension.game.BotDecision;
import dev.rookery.game.GameAction;
import dev.rookery.game.GameSession;
import dev.rookery.game.MatchSetup;
import dev.rookery.game.Snapshot;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One match of a {@link ScriptGame}. A context may drop it at any time: it is restored from its
 * last state by repeating the actions since then.
 */
final class ScriptSession implements GameSession {
  /** A restore repeats fewer actions than this. */
  private static final int REPEATED_MAX = 16;

  private static final String ACCEPTED = "+";

  private final ScriptGame game;
  private final ScriptThread thread;
  private final List<String> players;
  private final String setup;
  // Names what a context holds. After a failure another one, because the context may be ahead then.
  private String key;
  private final List<Input> since = new ArrayList<>();
  // Null until the first state is taken: the match is started anew then.
  private @Nullable String base;
  private Snapshot current;

  ScriptSession(ScriptGame game, ScriptThread thread, MatchSetup setup) {
    this(game, thread, setup, null);
  }

  ScriptSession(ScriptGame game, ScriptThread thread, MatchSetup setup, @Nullable String state) {
    this.game = game;
    this.thread = thread;
    this.players = setup.players();
    this.setup =
        new JsonObject()
            .put("initialNow", setup.initialNow())
            .put("match", setup.match())
            .put("seed", setup.seed())
            .encode();
    this.key = newKey(game);
    this.base = state;
    this.current = new Lines(call(this::load)).snapshot(players);
  }

  private static String newKey(ScriptGame game) {
    return Long.toString(game.engine().nextSession());
  }

  private String load(ScriptContext context) {
    String state = base;
    String shown =
        state == null
            ? context.call("start", key, setup)
            : context.call("restore", key, setup, state);
    context.add(key, shown.length());
    return shown;
  }

  private void require(ScriptContext context) {
    if (!context.holds(key)) {
      game.engine().meters().restored();
      load(context);
      since.forEach(entry -> entry.carryOut(context, false));
    }
  }

  /** An action or a timeout. */
  private interface Input {
    /**
     * Carries it out in a context that holds the session.
     *
     * @param shown whether the outcome is needed; nothing of it is made if not
     */
    String carryOut(ScriptContext context, boolean shown);
  }

  @Override
  public Outcome apply(GameAction action) {
    Input input =
        (context, shown) ->
            context.call(
                shown ? "apply" : "repeat",
                key,
                action.number(),
                action.playerID(),
                action.event(),
                action.at(),
                action.payload());
    var lines = new Lines(carryOut(input));
    return lines.next().equals(ACCEPTED) ? accepted(lines, input) : lines.rejected();
  }

  private String carryOut(Input input) {
    return ask(
        context -> {
          String outcome = input.carryOut(context, true);
          if (outcome.startsWith(ACCEPTED)) {
            context.add(key, outcome.length());
          }
          return outcome;
        });
  }

  private String ask(Function<ScriptContext, String> question) {
    return call(
        context -> {
          require(context);
          return question.apply(context);
        });
  }

  private String call(Function<ScriptContext, String> work) {
    boolean done = false;
    try {
      String result = thread.call(game.script(), key, context -> bounded(work.apply(context)));
      done = true;
      return result;
    } finally {
      if (!done) {
        key = newKey(game);
      }
    }
  }

  private Outcome.Accepted accepted(Lines lines, Input input) {
    Outcome.Accepted accepted = lines.accepted(players);
    since.add(input);
    if (since.size() >= REPEATED_MAX) {
      shorten();
    }
    current = accepted.steps().getLast().after();
    return accepted;
  }

  /** An action after which the state cannot be taken is not carried out. */
  private void shorten() {
    boolean done = false;
    try {
      state();
      done = true;
    } finally {
      if (!done) {
        since.removeLast();
      }
    }
  }

  @Override
  public Outcome.@Nullable Accepted fireTimeout(long number, long now) {
    Input input =
        (context, shown) -> context.call(shown ? "fireTimeout" : "repeatTimeout", key, number, now);
    var lines = new Lines(carryOut(input));
    return lines.next().equals(ACCEPTED) ? accepted(lines, input) : null;
  }

  @Override
  public @Nullable BotDecision decide(String playerID, String botID) {
    var lines =
        new Lines(
            ask(
                context -> {
                  context.call("ask", key, playerID, botID);
                  return context.call("decided");
                }));
    String event = lines.next();
    if (event.isEmpty()) {
      return null;
    }
    long delay = Long.parseLong(lines.next());
    return new BotDecision(event, lines.next(), delay);
  }

  @Override
  public String settlement() {
    return ask(context -> context.call("settlement", key));
  }

  private String bounded(String result) {
    int max = game.engine().limits().resultChars();
    if (result.length() > max) {
      throw new ScriptException(
          "its views or its state are longer than " + max + " characters", false);
    }
    return result;
  }

  @Override
  public Snapshot current() {
    return current;
  }

  @Override
  public String state() {
    String state = ask(context -> context.call("state", key));
    base = state;
    since.clear();
    return state;
  }

  /** The parts of a result. JSON text has no line breaks, so each part is a line. */
  private static final class Lines {
    private final String text;
    private int from;

    Lines(String text) {
      this.text = text;
    }

    String next() {
      int end = text.indexOf('\n', from);
      String line = end < 0 ? text.substring(from) : text.substring(from, end);
      from = end < 0 ? text.length() : end + 1;
      return line;
    }

    private @Nullable String nextOrNull() {
      String line = next();
      return line.isEmpty() ? null : line;
    }

    Outcome.Rejected rejected() {
      String error = next();
      String reason = nextOrNull();
      return new Outcome.Rejected(
          error, reason == null ? null : String.valueOf(Json.decodeValue(reason)), nextOrNull());
    }

    Outcome.Accepted accepted(List<String> players) {
      int count = Integer.parseInt(next());
      String delta = nextOrNull();
      var steps = new ArrayList<Step>(count);
      for (int i = 0; i < count; i++) {
        steps.add(new Step(next(), next(), next(), snapshot(players)));
      }
      return new Outcome.Accepted(steps, delta);
    }

    Snapshot snapshot(List<String> players) {
      String derived = next();
      String position = next();
      String result = next();
      String publicView = next();
      var views = new LinkedHashMap<String, String>();
      players.forEach(player -> views.put(player, next()));
      return new Snapshot(derived, position, result, publicView, views);
    }
  }
}
