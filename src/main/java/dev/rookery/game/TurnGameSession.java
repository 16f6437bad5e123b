package dev.rookery.game;

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
  private static final String INTERNAL = "__";

  private final TurnGameEngine engine;
  private final MatchSetup setup;
  private State state;
  private Snapshot current;

  private TurnGameSession(TurnGameEngine engine, MatchSetup setup, State state) {
    this.engine = engine;
    this.setup = setup;
    this.state = state;
    this.current = show(state);
  }

  /**
   * @param own the state of the game
   * @param now the time of the last action
   */
  private record State(
      JsonObject own,
      String node,
      long turn,
      long now,
      @Nullable JsonObject result,
      GameRandom random) {}

  static TurnGameSession start(TurnGameEngine engine, MatchSetup setup) {
    var first =
        new State(
            engine.game().setup(setup),
            TurnGameEngine.PLAY,
            1,
            setup.initialNow(),
            null,
            GameRandom.seeded(setup.seed()));
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
            GameRandom.restored(meta.getJsonObject("rng")));
    return new TurnGameSession(engine, setup, restored);
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
    var evaluations = new JsonArray();
    Candidate selected = null;
    TurnGame.Result result = null;
    GameRandom random = state.random;
    for (Candidate candidate : engine.candidates(action.event())) {
      GameRandom own = state.random.copy();
      var context = new TurnGame.Context(state.own, setup.players(), state.turn, action.at(), own);
      TurnGame.Result played = move.play(context, action.playerID(), payload);
      if (played instanceof TurnGame.Result.Invalid(var reason, var details)) {
        return new Outcome.Rejected("invalid_event", reason, details.encode());
      }
      boolean matched = candidate.kind().stands(played);
      evaluations.add(evaluation(candidate, matched));
      if (matched) {
        selected = candidate;
        result = played;
        random = own;
      }
    }
    if (selected == null || result == null) {
      throw new IllegalStateException("no transition stands for the result of a move");
    }
    return advance(action, selected, result, random, evaluations);
  }

  private static JsonObject evaluation(Candidate candidate, boolean matched) {
    return new JsonObject()
        .put("from", TurnGameEngine.PLAY)
        .put("matched", matched)
        .put("rejectedBy", matched ? null : "resolver")
        .put("resolver", candidate.label())
        .put("to", candidate.kind().target());
  }

  private Outcome advance(
      GameAction action,
      Candidate selected,
      TurnGame.Result result,
      GameRandom random,
      JsonArray evaluations) {
    State before = state;
    JsonObject finished = result instanceof TurnGame.Result.Finish(var shown, _) ? shown : null;
    var next =
        new State(
            before.own.copy().mergeIn(patch(result)),
            selected.kind().target(),
            selected.kind() == Candidate.Kind.STAY ? before.turn : before.turn + 1,
            action.at(),
            finished,
            random);
    Snapshot shown = show(next);
    var step =
        new Step(
            record(action, before.turn).encode(),
            "action",
            transition(action, selected, before, next, evaluations).encode(),
            shown);
    state = next;
    current = shown;
    return new Outcome.Accepted(List.of(step));
  }

  private static JsonObject patch(TurnGame.Result result) {
    return switch (result) {
      case TurnGame.Result.KeepTurn(var patch) -> patch;
      case TurnGame.Result.EndTurn(var patch) -> patch;
      case TurnGame.Result.Finish(_, var patch) -> patch;
      case TurnGame.Result.Invalid _ -> new JsonObject();
    };
  }

  private static JsonObject record(GameAction action, long turn) {
    return new JsonObject()
        .put("actionID", action.id())
        .put("at", action.at())
        .put("event", action.event())
        .put("payload", Json.decodeValue(action.payload()))
        .put("playerID", action.playerID())
        .put("turn", turn)
        .put("type", "event");
  }

  private static JsonObject transition(
      GameAction action, Candidate selected, State before, State after, JsonArray evaluations) {
    var evaluated =
        new JsonObject()
            .put("event", action.event())
            .put("from", before.node)
            .put("matchedTo", after.node)
            .put("outcome", "selected")
            .put("path", path(before))
            .put("transitions", evaluations);
    return new JsonObject()
        .put("enqueued", new JsonArray())
        .put("event", action.event())
        .put("evaluations", JsonArray.of(evaluated))
        .put("from", before.node)
        .put("fromPath", path(before))
        .put("matchedFrom", before.node)
        .put("matchedFromPath", path(before))
        .put("resolver", selected.label())
        .put("rng", draws(before.random, after.random))
        .put("to", after.node)
        .put("toPath", path(after))
        .put("turn", selected.kind().turn());
  }

  private static @Nullable JsonObject draws(GameRandom before, GameRandom after) {
    long drawn = after.draws() - before.draws();
    return drawn == 0
        ? null
        : JsonObject.of("before", before.state(), "after", after.state(), "draws", drawn);
  }

  private static JsonArray path(State state) {
    return JsonArray.of(state.node);
  }

  private List<String> activePlayers(State at) {
    return at.node.equals(TurnGameEngine.PLAY) ? List.of(context(at).currentPlayer()) : List.of();
  }

  private TurnGame.Context context(State at) {
    return new TurnGame.Context(at.own, setup.players(), at.turn, at.now, at.random.copy());
  }

  @Override
  public Snapshot current() {
    return current;
  }

  private Snapshot show(State at) {
    TurnGame.Context context = context(at);
    var views = new HashMap<String, String>();
    for (String player : setup.players()) {
      views.put(player, engine.game().playerView(context, player).encode());
    }
    return new Snapshot(
        derived(at).encode(),
        new JsonObject().put("node", at.node).put("path", path(at)).put("turn", at.turn).encode(),
        Json.encode(at.result),
        engine.game().publicView(context).encode(),
        views);
  }

  private JsonObject derived(State at) {
    TurnGame.Context context = context(at);
    boolean playing = at.node.equals(TurnGameEngine.PLAY);
    Map<String, @Nullable Object> selectors = new LinkedHashMap<>(engine.game().computed(context));
    selectors.put("currentPlayer", context.currentPlayer());
    var control =
        new JsonObject()
            .putNull("deadline")
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
            .put("match", setup.match())
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
