package dev.rookery.game.script;

import dev.rookery.game.Game;
import dev.rookery.game.GameAction;
import dev.rookery.game.GameSession;
import dev.rookery.game.MatchSetup;
import dev.rookery.game.TicTacToe;
import dev.rookery.loadtest.JavaScriptGame;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures an action of tic-tac-toe in JavaScript and in Java, as part of a match of five actions
 * with its start.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 3, time = 3)
@Fork(1)
public class ScriptBench {
  private static final int ACTIONS = 5;
  private static final int SIZE = 3;
  private static final int[] SQUARES = {0, 3, 1, 4, 2};

  private final Game java = TicTacToe.game();
  private ScriptEngine engine;
  private Game script;

  @Setup
  public void load() {
    engine = new ScriptEngine(ScriptLimits.DEFAULTS, new SimpleMeterRegistry());
    script = ScriptGame.load(engine, "tic-tac-toe", "js", "1", JavaScriptGame.ticTacToe());
  }

  @TearDown
  public void close() {
    engine.close();
  }

  @Benchmark
  @OperationsPerInvocation(ACTIONS)
  public Object actionInJavaScript() {
    return play(script);
  }

  @Benchmark
  @OperationsPerInvocation(ACTIONS)
  public Object actionInJava() {
    return play(java);
  }

  @Benchmark
  public Object startInJavaScript() {
    return script.start(setup()).current();
  }

  private static MatchSetup setup() {
    return new MatchSetup(List.of("0", "1"), "0", "seed", 1, null, Map.of());
  }

  private static Object play(Game game) {
    GameSession session = game.start(setup());
    for (int i = 0; i < ACTIONS; i++) {
      String payload = JsonObject.of("row", SQUARES[i] / SIZE, "col", SQUARES[i] % SIZE).encode();
      session.apply(new GameAction(i + 1L, Integer.toString(i % 2), "placeMark", payload, i));
    }
    return session.current();
  }
}
