package dev.rookery.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.keyspace.Keyspace;
import dev.rookery.keyspace.KeyspaceLimits;
import dev.rookery.testkit.TestRedis;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Both engines give the same results and errors for each script of the table. */
final class ScriptTableTest {
  private static final int ENTRIES_MIN = 400;

  /** The usual limits without that of time, which a busy machine would reach. */
  private static final EmbeddedSettings SETTINGS =
      new EmbeddedSettings(
          EmbeddedSettings.DEFAULTS.durability(),
          EmbeddedSettings.DEFAULTS.memoryBytes(),
          Duration.ZERO,
          EmbeddedSettings.DEFAULTS.scriptMemoryBytes(),
          EmbeddedSettings.DEFAULTS.resultBytesMax());

  private static TestRedis server;
  private static RedisConnection redis;

  @BeforeAll
  static void start() {
    server = TestRedis.start();
    redis = new RedisConnection(server.port());
  }

  @AfterAll
  static void stop() {
    redis.close();
    server.close();
  }

  @Test
  void tableIsLargeEnough() {
    assertThat(
            ScriptTable.files().stream().mapToInt(file -> ScriptTable.entries(file).size()).sum())
        .isGreaterThanOrEqualTo(ENTRIES_MIN);
  }

  @TestFactory
  Stream<DynamicContainer> enginesAgree() {
    return ScriptTable.files().stream()
        .map(
            file ->
                DynamicContainer.dynamicContainer(
                    file.getFileName().toString(),
                    ScriptTable.entries(file).stream()
                        .map(
                            entry -> DynamicTest.dynamicTest(entry.name(), () -> compare(entry)))));
  }

  private static void compare(ScriptTable.Entry entry) {
    redis.send(List.of(bytes("FLUSHALL")));
    var command = new ArrayList<byte[]>();
    command.add(bytes("EVAL"));
    command.add(entry.source());
    command.add(bytes(Integer.toString(entry.keys().size())));
    command.addAll(entry.keys());
    command.addAll(entry.args());
    String expected = ScriptTable.text(redis.send(command));

    assertThat(ScriptTable.text(embedded(entry))).isEqualTo(expected);
  }

  private static ScriptResult embedded(ScriptTable.Entry entry) {
    var changes = new ChangeBuffer();
    var keyspace = new Keyspace(KeyspaceLimits.DEFAULT, new SplittableRandom(1), changes);
    var runner = new ScriptRunner(keyspace, changes, SETTINGS, () -> 0, Clock.systemUTC());
    var script =
        new Script(entry.name(), Script.sha1(entry.source()), entry.source(), ScriptRole.PLAYER);
    var call = new Call(script, entry.keys(), entry.args());
    runner.run(call).answer(call);
    return call.answer();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static final class Call extends ScriptCall {
    private @Nullable ScriptResult answer;

    Call(Script script, List<byte[]> keys, List<byte[]> args) {
      super(script, keys, args);
    }

    ScriptResult answer() {
      assertThat(answer).isNotNull();
      return answer;
    }

    @Override
    void complete(@Nullable ScriptResult result, @Nullable ScriptException failure) {
      answer = failure == null ? result : new ScriptResult.Failed(bytes(failure.text()));
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
