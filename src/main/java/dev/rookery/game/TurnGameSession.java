package dev.rookery.game;

import static dev.rookery.game.TransitionJson.evaluation;
import static dev.rookery.game.TransitionJson.path;

import dev.rookery.extension.game.BotDecision;
import dev.rookery.extension.game.TurnGame;
import dev.rookery.extension.game.TurnGame.Result;
import dev.rookery.game.TurnGameEngine.Candidate;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One match of a {@link TurnGame} (openturn contract, 1.5 and 1.6). */
final class TurnGameSession implements GameSession {
  private static final String OWN_STATE = "__gamekit";
  private static final String RESULT = "result";
  private static final String PROFILES = "profiles";
  private static final String INTERNAL = "__";
  private static final String INTERNAL_KIND = "internal";

  private final TurnGameEngine engine;
  private final MatchSetup setup;
  private final JsonObject config;
  private State state;
  private Snapshot current;
  private @Nullable Long deadline;

  private TurnGameSession(TurnGameEngine engine, MatchSetup setup, State state) {
    this.engine = engine;
    this.setup = setup;
    this.config = GameContext.config(setup);
    this.state = state;
    this.current = show(state);
    this.deadline = deadline(state);
  }

  /**
   * @param own the state of the game
   * @param now the time of the last action
   * @param profiles as the match has changed them
   */
  record State(
      JsonObject own,
      String node,
      long turn,
      long now,
      @Nullable JsonObject result,
      SeededRandom random,
      Map<String, String> profiles) {
    State {
      profiles = Map.copyOf(profiles);
    }
  }

  /**
   * A result and the transition that stands for it.
   *
   * @param delta what it changes in profiles; null for nothing
   */
  private record Selected(
      Candidate candidate,
      Result result,
      SeededRandom random,
      JsonArray evaluations,
      @Nullable JsonObject delta) {}

  static TurnGameSession start(TurnGameEngine engine, MatchSetup setup) {
    var first =
        new State(
            engine.game().setup(GameContext.beforeStart(setup)),
            TurnGameEngine.PLAY,
            1,
            setup.initialNow(),
            null,
            SeededRandom.seeded(setup.seed()),
            setup.profiles());
    return new TurnGameSession(engine, setup, first);
  }

  static TurnGameSession restore(TurnGameEngine engine, MatchSetup setup, String saved) {
    var json = new JsonObject(saved);
    JsonObject own = json.getJsonObject("G").copy();
    own.remove(OWN_STATE);
    JsonObject position = json.getJsonObject("position");
    JsonObject meta = json.getJsonObject("meta");
    var restored =
        new State(
            own,
            position.getString("name"),
            position.getLong("turn"),
            meta.getLong("now"),
            meta.getJsonObject(RESULT),
            SeededRandom.restored(meta.getJsonObject("rng")),
            profiles(setup, meta.getJsonObject("match")));
    return new TurnGameSession(engine, setup, restored);
  }

  private static Map<String, String> profiles(MatchSetup setup, @Nullable JsonObject match) {
    JsonObject saved = match == null ? null : match.getJsonObject(PROFILES);
    if (saved == null) {
      return setup.profiles();
    }
    var profiles = new HashMap<String, String>();
    saved.forEach(entry -> profiles.put(entry.getKey(), Json.encode(entry.getValue())));
    return profiles;
  }

  @Override
  public Outcome apply(GameAction action) {
    if (state.result != null) {
      return rejected("game_over");
    }
    if (!setup.players().contains(action.playerID())) {
      return rejected("unknown_player");
    }
    if (!activePlayers(state).contains(action.playerID())) {
      return rejected("inactive_player");
    }
    TurnGame.Move move = engine.game().moves().get(action.event());
    if (move == null || action.event().startsWith(INTERNAL)) {
      return rejected("unknown_event");
    }
    return play(action, move);
  }

  private static Outcome rejected(String error) {
    return new Outcome.Rejected(error, null, null);
  }

  private Outcome play(GameAction action, TurnGame.Move move) {
    Object payload = Json.decodeValue(action.payload());
    String record = TransitionJson.ofAction(action, payload, state.turn).encode();
    SeededRandom random = state.random.copy();
    Result played = move.play(context(state, action.at(), random), action.playerID(), payload);
    if (played instanceof Result.Invalid(var reason, var details)) {
      return new Outcome.Rejected("invalid_event", reason, details.encode());
    }
    Selected selected = select(engine.candidates(action.event()), played, random);
    State next = next(selected, action.at());
    Step step = step(record, "action", transition(action.event(), selected, state, next), next);
    return accept(next, List.of(step), selected.delta);
  }

  /** The transition that stands for a result, among those of its move. */
  private static Selected select(List<Candidate> candidates, Result result, SeededRandom random) {
    var evaluations = new JsonArray();
    Selected selected = null;
    for (Candidate candidate : candidates) {
      boolean matched = candidate.kind().stands(result);
      evaluations.add(evaluation(candidate, matched));
      if (matched) {
        selected = selected(candidate, result, random, evaluations);
      }
    }
    if (selected == null) {
      throw new IllegalStateException("no transition stands for the result of a move");
    }
    return selected;
  }

  private static Selected selected(
      Candidate candidate, Result played, SeededRandom random, JsonArray evaluations) {
    return played instanceof Result.WithProfiles(var then, var delta)
        ? new Selected(candidate, then, random, evaluations, delta)
        : new Selected(candidate, played, random, evaluations, null);
  }

  private static JsonObject transition(String event, Selected selected, State before, State after) {
    return TransitionJson.transition(
        event,
        selected.candidate.label(),
        selected.candidate.kind().turn(),
        before,
        after,
        selected.evaluations,
        null);
  }

  private Outcome.Accepted accept(State next, List<Step> steps, @Nullable JsonObject delta) {
    engine.requireBounded(next.own);
    Long nextDeadline = deadline(next);
    state = next;
    current = steps.getLast().after();
    deadline = nextDeadline;
    return new Outcome.Accepted(steps, delta == null ? null : delta.encode());
  }

  private Step step(String record, String kind, JsonObject transition, State after) {
    return new Step(record, kind, transition.encode(), show(after));
  }

  private State next(Selected selected, long at) {
    JsonObject finished = selected.result instanceof Result.Finish(var shown, _) ? shown : null;
    JsonObject delta = selected.delta;
    return new State(
        patched(state.own, patch(selected.result)),
        selected.candidate.kind().target(),
        selected.candidate.kind() == Candidate.Kind.STAY ? state.turn : state.turn + 1,
        at,
        finished,
        selected.random,
        delta == null ? state.profiles : ProfileDelta.apply(state.profiles, delta));
  }

  /** Shares with the state before what the patch does not replace: games change none of it. */
  private static JsonObject patched(JsonObject own, JsonObject patch) {
    return new JsonObject(new LinkedHashMap<>(own.getMap())).mergeIn(patch);
  }

  private static JsonObject patch(Result result) {
    return switch (result) {
      case Result.KeepTurn(var patch) -> patch;
      case Result.EndTurn(var patch) -> patch;
      case Result.Finish(_, var patch) -> patch;
      case Result.WithProfiles(var then, _) -> patch(then);
      case Result.Invalid _ -> new JsonObject();
    };
  }

  @Override
  public Outcome.@Nullable Accepted fireTimeout(long number, long now) {
    if (state.result != null || deadline == null || deadline > now) {
      return null;
    }
    SeededRandom random = state.random.copy();
    Result result = engine.game().onTimeout(context(state, now, random));
    if (result == null || result instanceof Result.Invalid) {
      return null;
    }
    State before = state;
    var fired = new State(before.own, before.node, before.turn, now, null, random, before.profiles);
    Selected selected = select(TurnGameEngine.TIMEOUT_CANDIDATES, result, random);
    State next = next(selected, now);
    String id = "m_" + number;
    Step outcome =
        step(
            TransitionJson.ofInternal(id, now, TurnGameEngine.TIMEOUT_OUTCOME, before.turn)
                .encode(),
            INTERNAL_KIND,
            transition(TurnGameEngine.TIMEOUT_OUTCOME, selected, fired, next),
            next);
    return accept(next, List.of(timeoutStep(id, before, fired), outcome), selected.delta);
  }

  private Step timeoutStep(String id, State before, State fired) {
    String label = TurnGameEngine.TIMEOUT + ":" + TurnGameEngine.PLAY;
    JsonObject transition =
        TransitionJson.transition(
            TurnGameEngine.TIMEOUT,
            label,
            Candidate.Kind.STAY.turn(),
            before,
            fired,
            JsonArray.of(evaluation(label, TurnGameEngine.PLAY, true)),
            TurnGameEngine.TIMEOUT_OUTCOME);
    return step(
        TransitionJson.ofInternal(id, fired.now, TurnGameEngine.TIMEOUT, before.turn).encode(),
        INTERNAL_KIND,
        transition,
        fired);
  }

  @Override
  public @Nullable BotDecision decide(String playerID, String botID) {
    SeededRandom own = state.random.forkForBot(botID, playerID, state.turn);
    return engine.game().decide(context(state, state.now, own), playerID, botID);
  }

  @Override
  public String settlement() {
    JsonObject result = state.result;
    return result == null ? "{}" : engine.game().settlement(context(state), result).encode();
  }

  private List<String> activePlayers(State at) {
    return at.node.equals(TurnGameEngine.PLAY) ? List.of(context(at).currentPlayer()) : List.of();
  }

  private TurnGame.Context context(State at) {
    return context(at, at.now, at.random.copy());
  }

  private TurnGame.Context context(State at, long now, SeededRandom random) {
    return new GameContext(at.own, setup.withProfiles(at.profiles), config, at.turn, now, random);
  }

  @Override
  public Snapshot current() {
    return current;
  }

  @Override
  public @Nullable Long deadline() {
    return deadline;
  }

  private @Nullable Long deadline(State at) {
    return at.node.equals(TurnGameEngine.PLAY) ? engine.game().deadline(context(at)) : null;
  }

  private Snapshot show(State at) {
    TurnGame.Context context = context(at);
    var views = new HashMap<String, String>();
    for (String player : setup.players()) {
      views.put(player, engine.game().playerView(context, player).encode());
    }
    return engine.requireBounded(
        new Snapshot(
            derived(at).encode(),
            new JsonObject()
                .put("node", at.node)
                .put("path", path(at))
                .put("turn", at.turn)
                .encode(),
            Json.encode(at.result),
            engine.game().publicView(context).encode(),
            views));
  }

  private JsonObject derived(State at) {
    TurnGame.Context context = context(at);
    boolean playing = at.node.equals(TurnGameEngine.PLAY);
    Map<String, @Nullable Object> selectors = new LinkedHashMap<>(engine.game().computed(context));
    selectors.put("currentPlayer", context.currentPlayer());
    var control =
        new JsonObject()
            .put("deadline", deadline(at))
            .put("label", playing ? TurnGameEngine.PLAY : "Finished")
            .put("metadata", new JsonArray())
            .put(
                "pendingTargets",
                playing
                    ? JsonArray.of(TurnGameEngine.PLAY, TurnGameEngine.FINISHED)
                    : new JsonArray());
    return new JsonObject()
        .put("activePlayers", new JsonArray(activePlayers(at)))
        .putNull("control")
        .put("controlMeta", control)
        .put("selectors", new JsonObject(selectors));
  }

  @Override
  public String state() {
    JsonObject own = state.own.copy().put(OWN_STATE, new JsonObject().put(RESULT, state.result));
    var meta =
        new JsonObject()
            .put("log", new JsonArray())
            .put("match", setup.withProfiles(state.profiles).match())
            .put("now", state.now)
            .put(RESULT, state.result)
            .put("rng", state.random.toJson())
            .put("seed", setup.seed());
    return new JsonObject()
        .put("G", own)
        .put(
            "position",
            new JsonObject()
                .put("name", state.node)
                .put("path", path(state))
                .put("turn", state.turn))
        .put("derived", derived(state))
        .put("meta", meta)
        .encode();
  }
}
