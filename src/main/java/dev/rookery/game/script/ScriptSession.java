package dev.rookery.game.script;

import dev.rookery.game.BotDecision;
import dev.rookery.game.GameAction;
import dev.rookery.game.GameSession;
import dev.rookery.game.MatchSetup;
import dev.rookery.game.Snapshot;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
  private final String key;
  private final List<Repeated> since = new ArrayList<>();
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
    this.key = Long.toString(game.engine().nextSession());
    this.base = state;
    String shown = thread.call(game.script(), key, this::load);
    this.current = new Lines(bounded(shown)).snapshot(players);
  }

  private String load(ScriptContext context) {
    String state = base;
    String shown =
        state == null
            ? context.call("start", key, setup)
            : context.call("restore", key, setup, state);
    context.add(key);
    return shown;
  }

  private void require(ScriptContext context) {
    if (!context.holds(key)) {
      load(context);
      since.forEach(entry -> entry.send(context));
    }
  }

  /** Sends an accepted action or a timeout that has been carried out. */
  private interface Repeated {
    String send(ScriptContext context);
  }

  @Override
  public Outcome apply(GameAction action) {
    Repeated sent =
        context ->
            context.call(
                "apply",
                key,
                action.number(),
                action.playerID(),
                action.event(),
                action.at(),
                action.payload());
    var lines = new Lines(send(sent));
    return lines.next().equals(ACCEPTED) ? accepted(lines, sent) : lines.rejected();
  }

  private String send(Repeated sent) {
    return thread.call(
        game.script(),
        key,
        context -> {
          require(context);
          return bounded(context, sent.send(context));
        });
  }

  private Outcome.Accepted accepted(Lines lines, Repeated sent) {
    Outcome.Accepted accepted = lines.accepted(players);
    current = accepted.steps().getLast().after();
    since.add(sent);
    if (since.size() >= REPEATED_MAX) {
      state();
    }
    return accepted;
  }

  @Override
  public Outcome.@Nullable Accepted fireTimeout(long number, long now) {
    Repeated sent = context -> context.call("fireTimeout", key, number, now);
    var lines = new Lines(send(sent));
    return lines.next().equals(ACCEPTED) ? accepted(lines, sent) : null;
  }

  @Override
  public @Nullable BotDecision decide(String playerID, String botID) {
    var lines =
        new Lines(
            send(
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
    return send(context -> context.call("settlement", key));
  }

  /** What is not returned must not stay in the context. */
  private String bounded(ScriptContext context, String result) {
    if (result.length() > game.engine().limits().resultChars()) {
      context.remove(key);
    }
    return bounded(result);
  }

  private String bounded(String result) {
    int max = game.engine().limits().resultChars();
    if (result.length() > max) {
      throw new ScriptException("its views are longer than " + max + " characters", false);
    }
    return result;
  }

  @Override
  public Snapshot current() {
    return current;
  }

  @Override
  public String state() {
    String state =
        thread.call(
            game.script(),
            key,
            context -> {
              require(context);
              return context.call("state", key);
            });
    base = bounded(state);
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
