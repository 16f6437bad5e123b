package dev.rookery.game.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.extension.game.BotDecision;
import dev.rookery.extension.game.BotInfo;
import dev.rookery.extension.game.ProfileInfo;
import dev.rookery.game.Game;
import dev.rookery.game.GameAction;
import dev.rookery.game.GameSession;
import dev.rookery.game.GameSession.Outcome;
import dev.rookery.game.MatchSetup;
import dev.rookery.game.TicTacToe;
import dev.rookery.loadtest.JavaScriptGame;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ScriptGameTest {
  private static final MatchSetup SETUP =
      new MatchSetup(List.of("0", "1"), "0", "room_123:seed", 1_000);
  // Enough for a few sessions.
  private static final long SESSION_BYTES = 5L * ScriptContext.SESSION_BYTES;
  private static final SimpleMeterRegistry METERS = new SimpleMeterRegistry();
  private static final ScriptEngine ENGINE =
      new ScriptEngine(
          new ScriptLimits(
              1,
              Duration.ofMinutes(1),
              Duration.ofMinutes(1),
              1_000_000,
              128L << 20,
              64 << 10,
              4,
              SESSION_BYTES,
              1_000_000),
          METERS);
  private static final ScriptGame GAME =
      ScriptGame.load(ENGINE, "tic-tac-toe", "1", "1", JavaScriptGame.ticTacToe());

  /** Moves with an error of each kind between them, to a draw. */
  private static final List<String> SCRIPT =
      List.of(
          "0 placeMark {\"row\":0,\"col\":0}",
          "0 placeMark {\"row\":0,\"col\":1}",
          "1 placeMark {\"row\":0,\"col\":0}",
          "1 placeMark {\"row\":3,\"col\":0}",
          "1 placeMark null",
          "1 unknown null",
          "1 __timeout null",
          "2 placeMark null",
          "1 placeMark {\"row\":0,\"col\":1}",
          "0 placeMark {\"row\":0,\"col\":2}",
          "1 placeMark {\"row\":1,\"col\":1}",
          "0 placeMark {\"row\":1,\"col\":0}",
          "1 placeMark {\"row\":1,\"col\":2}",
          "0 placeMark {\"row\":2,\"col\":1}",
          "1 placeMark {\"row\":2,\"col\":0}",
          "0 placeMark {\"row\":2,\"col\":2}",
          "1 placeMark {\"row\":2,\"col\":2}");

  @AfterAll
  static void close() {
    ENGINE.close();
  }

  private static ScriptGame load(String code) {
    return ScriptGame.load(ENGINE, "test", "1", "1", JavaScriptGame.of(code));
  }

  /** A game with one move, which never ends. */
  private static String oneMove(String move) {
    return "const game = defineGame({maxPlayers: 1, setup: () => ({value: 0}), moves: {go: "
        + move
        + "}});";
  }

  private static GameSession start(ScriptGame game) {
    return game.start(new MatchSetup(List.of("0"), null, "seed", 5));
  }

  private static Outcome go(GameSession session, long number, String payload) {
    return session.apply(new GameAction(number, "0", "go", payload, 1_000 + number));
  }

  @Test
  void spreadsMatchesOverAllThreads() {
    var meters = new SimpleMeterRegistry();
    // Each thread holds only the match that it has used last.
    try (var engine = new ScriptEngine(ScriptLimits.DEFAULTS.withThreads(3, 3), meters)) {
      ScriptGame game =
          ScriptGame.load(engine, "tic-tac-toe", "1", "1", JavaScriptGame.ticTacToe());
      List<GameSession> matches = List.of(game.start(SETUP), game.start(SETUP), game.start(SETUP));
      for (GameSession match : matches) {
        match.apply(new GameAction(1, "0", "placeMark", "{\"row\":0,\"col\":0}", 2_000));
      }
      assertThat(meters.get("rookery.scripts.restored").counter().count()).isZero();
    }
  }

  @Test
  void givesTheSameBytesAsTheGameInJava() {
    assertThat(play(GAME)).containsExactlyElementsOf(play(TicTacToe.game()));
  }

  private static List<String> play(Game game) {
    var seen = new ArrayList<String>();
    GameSession session = game.start(SETUP);
    seen.add(session.current().toString());
    int accepted = 0;
    for (String line : SCRIPT) {
      String[] parts = line.split(" ", 3);
      Outcome outcome =
          session.apply(
              new GameAction(accepted + 1L, parts[0], parts[1], parts[2], 2_000 + accepted));
      seen.add(line + " " + outcome);
      seen.add(session.state());
      if (outcome instanceof Outcome.Accepted) {
        accepted++;
      }
    }
    assertThat(accepted).isEqualTo(9);
    return seen;
  }

  @Test
  void restoresAnExactCopy() {
    GameSession session = GAME.start(SETUP);
    session.apply(new GameAction(1, "0", "placeMark", "{\"row\":0,\"col\":0}", 7));
    GameSession restored = GAME.restore(SETUP, session.state());
    var next = new GameAction(2, "1", "placeMark", "{\"row\":1,\"col\":0}", 8);

    assertThat(restored.apply(next)).isEqualTo(session.apply(next));
    assertThat(restored.state()).isEqualTo(session.state());
  }

  @Test
  void goesOnWithSessionsThatTheContextHasDropped() {
    ScriptGame game = load(oneMove("({G, move}) => move.endTurn({value: G.value + 1})"));
    var sessions = new ArrayList<GameSession>();
    for (int i = 0; i < 5; i++) {
      sessions.add(start(game));
    }
    for (int number = 1; number <= 12; number++) {
      for (GameSession session : sessions) {
        Outcome outcome = go(session, number, "null");
        assertThat(((Outcome.Accepted) outcome).steps().getFirst().record())
            .contains("\"actionID\":\"m_" + number + "\"");
      }
    }

    assertThat(sessions)
        .allSatisfy(
            session -> assertThat(session.current().publicView()).isEqualTo("{\"value\":12}"));
  }

  @Test
  void holdsTheSessionsOfAllGamesInBoundedMemory() {
    double restored = METERS.get("rookery.scripts.restored").counter().count();
    ScriptGame first = load(oneMove("({G, move}) => move.endTurn({value: G.value + 1})"));
    ScriptGame second = load(oneMove("({G, move}) => move.endTurn({value: G.value + 2})"));
    var sessions = new ArrayList<GameSession>();
    for (int i = 0; i < 10; i++) {
      sessions.add(start(i % 2 == 0 ? first : second));
      assertThat(METERS.get("rookery.scripts.session.bytes").gauge().value())
          .isPositive()
          .isLessThanOrEqualTo(SESSION_BYTES);
    }

    assertThat(go(sessions.getLast(), 1, "null")).isInstanceOf(Outcome.Accepted.class);
    assertThat(METERS.get("rookery.scripts.restored").counter().count()).isEqualTo(restored);
    assertThat(go(sessions.getFirst(), 1, "null")).isInstanceOf(Outcome.Accepted.class);
    assertThat(METERS.get("rookery.scripts.restored").counter().count()).isEqualTo(restored + 1);
  }

  @Test
  void writesNumbersAsJavaScriptDoes() {
    ScriptGame game =
        load(
            oneMove(
                "({move}, payload) => move.endTurn({a: 1e21, b: 0.1 + 0.2, c: -0, d: payload.x})"));

    assertThat(start(game).current().views()).containsEntry("0", "{\"value\":0}");
    GameSession session = start(game);
    go(session, 1, "{\"x\":100000000000000000000}");
    assertThat(session.current().publicView())
        .isEqualTo(
            "{\"value\":0,\"a\":1e+21,\"b\":0.30000000000000004,\"c\":0,"
                + "\"d\":100000000000000000000}");
  }

  @Test
  void handsInTimeAndKeepsRandomnessToTheMatch() {
    ScriptGame game =
        load(
            oneMove(
                "({move, rng}) => move.endTurn({now: Date.now(), date: new Date().toISOString(),"
                    + " die: rng.int(1000)})"));
    GameSession session = start(game);

    var accepted = (Outcome.Accepted) go(session, 1, "null");

    var view = new JsonObject(session.current().publicView());
    assertThat(view.getLong("now")).isEqualTo(1_001);
    assertThat(view.getString("date")).isEqualTo("1970-01-01T00:00:01.001Z");
    assertThat(accepted.steps().getFirst().transition()).contains("\"rng\":{\"before\":");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Math.random()",
        "new WeakRef({})",
        "eval('1')",
        "new Function('return 1')()",
        "Java.type('java.lang.System')",
        "Polyglot.import('x')",
        "load('file:///etc/passwd')",
        "setTimeout(() => 1, 0)",
        "fetch('http://localhost')",
        "process.exit()",
        "performance.now()",
        "new SharedArrayBuffer(8)",
      })
  void refusesWhatIsNotDeterministicOrReachesTheHost(String expression) {
    ScriptGame game =
        load(oneMove("({move}) => { const v = " + expression + "; return move.endTurn({}); }"));
    GameSession session = start(game);

    assertThatThrownBy(() -> go(session, 1, "null")).isInstanceOf(ScriptException.class);
    assertThat(session.current().publicView()).isEqualTo("{\"value\":0}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "for (;;) {}|too many statements",
        "{ const f = () => f() + 1; f(); }|",
        "{ const all = []; for (;;) { all.push(new Float64Array(10000)); } }|",
        "'x'.repeat(20000000)|",
        "new Uint8Array(1e9)|",
      })
  void endsWhatUsesTooMuchAndGoesOn(String statement, String message) {
    ScriptGame game =
        load(
            oneMove(
                "({G, move}, payload) => { if (payload === 1) { "
                    + statement
                    + " } return move.endTurn({value: G.value + 1}); }"));
    GameSession other = start(game);
    GameSession session = start(game);
    go(session, 1, "null");

    assertThatThrownBy(() -> go(session, 2, "1"))
        .isInstanceOf(ScriptException.class)
        .hasMessageContaining(message == null ? "" : message);

    assertThat(go(session, 2, "null")).isInstanceOf(Outcome.Accepted.class);
    assertThat(session.current().publicView()).isEqualTo("{\"value\":2}");
    assertThat(go(other, 1, "null")).isInstanceOf(Outcome.Accepted.class);
  }

  @Test
  void endsWhatTakesTooMuchProcessorTimeAndGoesOn() {
    var limits =
        ScriptLimits.DEFAULTS.with(
            Duration.ofMinutes(5), Duration.ofSeconds(2), 0, 1 << 30, 1 << 20);
    try (var engine = new ScriptEngine(limits, new SimpleMeterRegistry())) {
      String move =
          "({G, move}, payload) => { while (payload === 1) {}"
              + " return move.endTurn({value: G.value + 1}); }";
      ScriptGame game = ScriptGame.load(engine, "test", "1", "1", JavaScriptGame.of(oneMove(move)));
      GameSession session = start(game);

      assertThatThrownBy(() -> go(session, 1, "1"))
          .isInstanceOf(ScriptException.class)
          .hasMessageContaining("processor time");

      assertThat(go(session, 1, "null")).isInstanceOf(Outcome.Accepted.class);
    }
  }

  @Test
  void countsTheStatementsOfEachCall() {
    ScriptGame game =
        load(
            oneMove(
                "({G, move}) => { let sum = 0; for (let i = 0; i < 100000; i++) { sum += i; }"
                    + " return move.endTurn({value: G.value + 1}); }"));
    GameSession session = start(game);

    for (int number = 1; number <= 4; number++) {
      assertThat(go(session, number, "null")).isInstanceOf(Outcome.Accepted.class);
    }
  }

  /** The state is taken after every sixteenth action. */
  @Test
  void carriesOutNoActionAfterWhichTheStateIsTooLong() {
    ScriptGame game =
        load(
            "const game = defineGame({maxPlayers: 1, setup: () => ({n: 0, hidden: ''}), views:"
                + " {public: ({G}) => ({n: G.n}), player: ({G}) => ({n: G.n})}, moves: {go: ({G,"
                + " move}, length) => move.endTurn({n: G.n + 1, hidden: 'x'.repeat(length ??"
                + " 0)})}});");
    GameSession session = start(game);
    for (int number = 1; number <= 15; number++) {
      go(session, number, "null");
    }

    assertThatThrownBy(() -> go(session, 16, "100000")).hasMessageContaining("state");

    assertThat(session.current().publicView()).isEqualTo("{\"n\":15}");
    assertThat(go(session, 16, "null")).isInstanceOf(Outcome.Accepted.class);
    assertThat(session.current().publicView()).isEqualTo("{\"n\":16}");
    assertThat(game.restore(new MatchSetup(List.of("0"), null, "seed", 5), session.state()))
        .extracting(restored -> restored.current().publicView())
        .isEqualTo("{\"n\":16}");
  }

  @Test
  void endsAllCallsWhenItIsClosed() throws InterruptedException {
    var engine =
        new ScriptEngine(
            new ScriptLimits(
                1,
                Duration.ofHours(1),
                Duration.ofHours(1),
                Long.MAX_VALUE,
                512L << 20,
                64 << 10,
                4,
                20L << 20,
                1_000_000),
            new SimpleMeterRegistry());
    ScriptGame game =
        ScriptGame.load(
            engine, "test", "1", "1", JavaScriptGame.of(oneMove("() => { for (;;) {} }")));
    var failures = new ConcurrentLinkedQueue<Throwable>();
    var callers = new ArrayList<Thread>();
    for (int i = 0; i < 5; i++) {
      GameSession session = start(game);
      callers.add(
          Thread.ofVirtual()
              .unstarted(
                  () -> {
                    try {
                      go(session, 1, "null");
                    } catch (ScriptException failure) {
                      failures.add(failure);
                    }
                  }));
    }
    callers.forEach(Thread::start);

    engine.close();

    for (Thread caller : callers) {
      caller.join();
    }
    assertThat(failures).hasSize(5);
    assertThatThrownBy(() -> start(game)).hasMessageContaining("shuts down");
  }

  @Test
  void refusesViewsThatAreTooLong() {
    ScriptGame game =
        load(oneMove("({move}, payload) => move.endTurn({value: 'x'.repeat(payload ?? 1)})"));
    GameSession session = start(game);

    assertThatThrownBy(() -> go(session, 1, "100000")).hasMessageContaining("views");

    assertThat(go(session, 1, "null")).isInstanceOf(Outcome.Accepted.class);
    assertThat(session.current().publicView()).isEqualTo("{\"value\":\"x\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "let x = ;|SyntaxError",
        "1 + 1|globalThis.openturn",
        "globalThis.openturn = {}|createLocalSession",
        "throw new Error('broken at load')|broken at load",
        "for (;;) {}|too many statements",
      })
  void saysWhyAScriptIsUnusable(String script, String message) {
    assertThatThrownBy(() -> ScriptGame.load(ENGINE, "test", "1", "1", script))
        .isInstanceOf(ScriptException.class)
        .hasMessageContaining(message);
  }

  @Test
  void refusesAGameThatCannotBeStarted() {
    assertThatThrownBy(
            () ->
                load(
                    "const game = defineGame({maxPlayers: 2, moves: {}, setup: () => {"
                        + " throw new Error('no setup'); }});"))
        .hasMessageContaining("no setup");
    assertThatThrownBy(() -> load("const game = {playerIDs: []};"))
        .hasMessageContaining("playerIDs");
  }

  @Test
  void refusesAGameThatKeepsAStateOutsideOfItsMatches() {
    assertThatThrownBy(
            () ->
                load(
                    "let started = 0; const game = defineGame({maxPlayers: 1, moves: {},"
                        + " setup: () => ({started: ++started})});"))
        .hasMessageContaining("begin differently");
  }

  @Test
  void carriesOutEnqueuedEventsInOrder() {
    ScriptGame game =
        load(
            "const game = {playerIDs: ['0'], events: {go: 1, more: 1}, initial: 'a', setup: () =>"
                + " ({n: 0}), states: {a: {activePlayers: () => ['0']}}, transitions: [{event:"
                + " 'go', from: 'a', to: 'a', resolve: ({G}) => ({G: {n: G.n + 1}, enqueue: [{kind:"
                + " 'more'}]})}, {event: 'more', from: 'a', to: 'a', resolve: ({G}) => ({G: {n: G.n"
                + " * 10}})}]};");
    GameSession session = start(game);

    var accepted = (Outcome.Accepted) go(session, 1, "null");

    assertThat(accepted.steps())
        .extracting(GameSession.Step::kind)
        .containsExactly("action", "internal");
    assertThat(accepted.steps())
        .extracting(step -> step.after().publicView())
        .containsExactly("{\"n\":1}", "{\"n\":10}");
  }

  @Test
  void firesTimeoutsAndRepeatsThem() {
    ScriptGame game =
        load(
            "const game = defineGame({maxPlayers: 1, setup: () => ({n: 0, at: 100}), deadline:"
                + " ({G}) => G.at, moves: {go: ({G, move}) => move.endTurn({n: G.n + 1})},"
                + " onTimeout: ({G, move}) => move.endTurn({n: G.n + 10, at: 200})});");
    GameSession session = start(game);

    assertThat(session.current().deadline()).isEqualTo(100);
    assertThat(session.fireTimeout(1, 99)).isNull();
    Outcome.Accepted fired = session.fireTimeout(1, 100);

    assertThat(fired).isNotNull();
    assertThat(fired.steps()).hasSize(2);
    assertThat(fired.steps().getFirst().record())
        .isEqualTo(
            "{\"actionID\":\"m_1\",\"at\":100,\"event\":\"__timeout\",\"payload\":null,"
                + "\"playerID\":null,\"turn\":1,\"type\":\"internal\"}");
    double restored = METERS.get("rookery.scripts.restored").counter().count();
    for (int i = 0; i < 10; i++) {
      start(game);
    }
    assertThat(go(session, 2, "null")).isInstanceOf(Outcome.Accepted.class);
    assertThat(METERS.get("rookery.scripts.restored").counter().count()).isEqualTo(restored + 1);
    assertThat(session.current().publicView()).isEqualTo("{\"n\":11,\"at\":200}");
  }

  @Test
  void asksBotsAndSettlesProfiles() {
    ScriptGame game =
        load(
            "const game = defineGame({maxPlayers: 2, setup: () => ({n: 0}), config: {goal: {type:"
                + " 'number', label: 'Goal', default: 3, min: 1}}, profile: {schemaVersion: '2',"
                + " default: {wins: 0}, commit: ({result, profile}) => profile.inc(result.winner,"
                + " 'wins', 1)}, legalActions: () => [{event: 'add', payload: 1}, {event: 'add',"
                + " payload: 2}], bots: {entries: [{botID: 'best', label: 'Best', difficulty:"
                + " 'hard', bot: { name: 'best', actionDelayMs: 5.5, decide: async (ctx) => { const"
                + " results = await Promise.all(ctx.legalActions.map(a => ctx.simulate(a))); return"
                + " ctx.legalActions[results.findIndex(r => r.outcome === 'finish') + 1 ?"
                + " results.findIndex(r => r.outcome === 'finish') : 0]; }}}]}, moves: {add: ({G,"
                + " match, move, player}, by) => G.n + by >= match.config.goal ?"
                + " move.finish({winner: player.id}, {n: G.n + by}) : move.endTurn({n: G.n +"
                + " by})}});");
    assertThat(game.info().bots()).containsExactly(new BotInfo("best", "Best", null, "hard"));
    assertThat(game.info().profile()).isEqualTo(new ProfileInfo("2", "{\"wins\":0}"));
    GameSession session =
        game.start(
            new MatchSetup(
                List.of("0", "1"),
                null,
                "seed",
                5,
                "{\"goal\":3}",
                Map.of("0", "{\"wins\":4}", "1", "{\"wins\":0}")));

    assertThat(session.decide("0", "best")).isEqualTo(new BotDecision("add", "1", 5));
    session.apply(new GameAction(1, "0", "add", "1", 10));
    assertThat(session.decide("1", "best")).isEqualTo(new BotDecision("add", "2", 5));
    session.apply(new GameAction(2, "1", "add", "2", 11));

    assertThat(session.current().result()).isEqualTo("{\"winner\":\"1\"}");
    assertThat(session.settlement())
        .isEqualTo("{\"1\":[{\"op\":\"inc\",\"path\":[\"wins\"],\"value\":1}]}");
    assertThatThrownBy(() -> session.decide("0", "none")).hasMessageContaining("no bot");
  }

  @Test
  void countsWhatScriptsDo() {
    assertThat(METERS.get("rookery.scripts.calls").timer().count()).isPositive();
    assertThat(METERS.get("rookery.scripts.contexts").gauge().value()).isPositive();
  }
}
