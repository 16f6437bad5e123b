package dev.rookery.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.testkit.TestBus;
import dev.rookery.testkit.TestRedis;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Scripts in a real Redis. */
@ExtendWith(VertxExtension.class)
final class RedisScriptEngineTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final String UNKNOWN = "NOSCRIPT No matching script. Please use EVAL.";
  private static final Script RUNS = script("runs", "return redis.call('GET', 'runs')");

  @Test
  void runsAScriptOnceThatReturnsTheErrorOfAnUnknownOne(Vertx vertx) {
    var script =
        script(
            "unlucky",
            "redis.call('INCR', 'runs') return redis.error_reply('%s')".formatted(UNKNOWN));
    try (var redis = TestRedis.start();
        var engine =
            new RedisScriptEngine(
                vertx, redis.url(), List.of(), TIMEOUT, new SimpleMeterRegistry())) {
      TestBus.await(engine.start());
      // New to the server at first, and known afterwards.
      for (int runs = 1; runs <= 2; runs++) {
        assertThatThrownBy(() -> run(engine, script)).hasMessage(UNKNOWN);
        assertThat(run(engine, RUNS)).isEqualTo(Integer.toString(runs));
      }
      flushScripts(redis);
      assertThatThrownBy(() -> run(engine, script)).hasMessage(UNKNOWN);
      assertThat(run(engine, RUNS)).isEqualTo("3");
    }
  }

  @Test
  void runsAScriptThatOtherCallsSendAtTheSameTime(Vertx vertx) {
    int calls = 200;
    try (var redis = TestRedis.start();
        var engine =
            new RedisScriptEngine(
                vertx, redis.url(), List.of(), TIMEOUT, new SimpleMeterRegistry())) {
      TestBus.await(engine.start());
      for (int round = 0; round < 10; round++) {
        var script =
            script("round" + round, "return redis.call('INCR', 'round%d')".formatted(round));
        List<Future<ScriptResult>> results =
            IntStream.range(0, calls)
                .mapToObj(_ -> engine.run(script, List.of(), List.of()))
                .toList();
        assertThat(results.stream().map(TestBus::await).distinct()).hasSize(calls);
      }
    }
  }

  private static void flushScripts(TestRedis redis) {
    try (var connection = new RedisConnection(redis.port())) {
      connection.send(List.of(bytes("SCRIPT"), bytes("FLUSH")));
    }
  }

  private static String run(RedisScriptEngine engine, Script script) {
    ScriptResult result = TestBus.await(engine.run(script, List.of(), List.of()));
    return ((ScriptResult.Bulk) result).string();
  }

  private static Script script(String name, String source) {
    return Script.of(name, bytes(source));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
