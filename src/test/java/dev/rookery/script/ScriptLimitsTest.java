package dev.rookery.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.keyspace.Keyspace;
import dev.rookery.keyspace.KeyspaceLimits;
import dev.rookery.script.ScriptException.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one script may change, and how large its result may be. */
final class ScriptLimitsTest {
  private static final String FIVE_MEGABYTES = "local x = string.rep('x', 5000000) ";

  private final ChangeBuffer changes = new ChangeBuffer();
  private final Keyspace keyspace =
      new Keyspace(KeyspaceLimits.DEFAULT, new SplittableRandom(1), changes);
  private final ScriptRunner runner =
      new ScriptRunner(keyspace, changes, EmbeddedSettings.DEFAULTS, () -> 0, Clock.systemUTC());

  @Test
  void refusesChangesThatWouldNotFitIntoARow() {
    ScriptException failure =
        failure(FIVE_MEGABYTES + "for i = 1, 100 do redis.call('SET', 'k' .. i, x) end");

    assertThat(failure.kind()).isEqualTo(Kind.SCRIPT);
    assertThat(failure.text()).contains("ERR a script may change 16777216 bytes at most");
    assertThat(changes.size()).isBetween(15_000_000, ChangeBuffer.CHANGES_MAX);
    assertThat(keyspace.size()).isEqualTo(3);
  }

  @Test
  void readsOnAfterARefusedChange() {
    var result =
        run(FIVE_MEGABYTES
                + "for i = 1, 4 do redis.pcall('SET', 'k' .. i, x) end "
                + "return redis.call('DBSIZE') + redis.call('STRLEN', 'k3')")
            .result();

    assertThat(result).isEqualTo(new ScriptResult.Int(5_000_003));
  }

  @ParameterizedTest
  @ValueSource(strings = {"false", "true", "''", "1", "{}", "tostring"})
  void countsEveryValueOfAResult(String value) {
    ScriptException failure =
        failure(
            "local x, r = {}, {} for i = 1, 1000 do x[i] = "
                + value
                + " end for i = 1, 1000 do r[i] = x end return r");

    assertThat(failure.kind()).isEqualTo(Kind.TOO_LARGE);
  }

  @Test
  void returnsAResultUpToTheBound() {
    assertThat(run("return string.rep('x', 1048576)").failure()).isNull();
    assertThat(failure("return string.rep('x', 1048577)").kind()).isEqualTo(Kind.TOO_LARGE);
  }

  private ScriptException failure(String source) {
    ScriptException failure = run(source).failure();
    assertThat(failure).isNotNull();
    return failure;
  }

  private ScriptRunner.Outcome run(String source) {
    return runner.run(
        new Call(Script.of("limits", source.getBytes(StandardCharsets.UTF_8)), List.of()));
  }

  /** A call whose outcome the test takes from the runner. */
  private static final class Call extends ScriptCall {
    Call(Script script, List<byte[]> keys) {
      super(script, keys, List.of());
    }

    @Override
    void complete(@Nullable ScriptResult result, @Nullable ScriptException failure) {
      throw new AssertionError("answered by the runner");
    }

    @Override
    Executor answersOn() {
      return Runnable::run;
    }

    @Override
    void reject(Rejection reason) {
      throw new AssertionError(reason);
    }
  }
}
