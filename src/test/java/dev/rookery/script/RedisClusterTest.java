package dev.rookery.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.TestBus;
import dev.rookery.testkit.TestRedisCluster;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Scripts in a real Redis Cluster of three masters. */
final class RedisClusterTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final int KEYS = 30;
  private static final Script COUNT = script("count", "return redis.call('INCR', KEYS[1])");

  private static TestRedisCluster redis;
  private static Vertx vertx;
  private static RedisScriptEngine engine;

  @BeforeAll
  static void start() {
    redis = TestRedisCluster.start(3);
    vertx = Vertx.vertx();
    engine =
        new RedisScriptEngine(
            vertx, redis.url(0), redis.nodes(), TIMEOUT, new SimpleMeterRegistry());
    TestBus.await(engine.start());
  }

  @AfterAll
  static void stop() {
    engine.close();
    TestBus.await(vertx.close());
    redis.close();
  }

  @Test
  void runsEachCallWhereItsKeysAre() {
    for (int round = 1; round <= 2; round++) {
      for (int key = 0; key < KEYS; key++) {
        assertThat(run(COUNT, "spread-" + key)).isEqualTo(new ScriptResult.Int(round));
      }
    }
    for (int master = 0; master < redis.size(); master++) {
      assertThat(Integer.parseInt(redis.command(master, "DBSIZE"))).isPositive();
    }
  }

  @Test
  void keepsTheKeysOfAGameWhoseIdIsInBracesTogether() {
    Map<String, Script> bundled = BundledScripts.load();
    String lobby = "game:{arena-7}";
    String players = lobby + ":players";
    assertThat(runWith(bundled.get("create_lobby"), List.of(lobby, players), "17", "2"))
        .hasToString(lobby);
    runWith(bundled.get("on_connect"), List.of(lobby, players), "Ann", "{arena-7}", "17");
    runWith(bundled.get("update_state"), List.of(lobby), "Ann", "{\"action\":\"heartbeat\"}", "17");
  }

  @Test
  void refusesKeysOfDifferentSlots() {
    assertThatThrownBy(() -> run(COUNT, "game:7", "game:7:players"))
        .isInstanceOfSatisfying(
            ScriptException.class,
            failure -> assertThat(failure.kind()).isEqualTo(ScriptException.Kind.SCRIPT))
        .hasMessage("CROSSSLOT Keys in request don't hash to the same slot");
  }

  @Test
  void followsASlotThatMoves() {
    String key = "moving";
    String slot = redis.command(0, "CLUSTER KEYSLOT " + key);
    assertThat(run(COUNT, "other-{" + key + "}")).isEqualTo(new ScriptResult.Int(1));
    redis.command(owner(slot), "DEL other-{" + key + "}");
    int from = owner(slot);
    int to = (from + 1) % redis.size();
    String target = redis.command(to, "CLUSTER MYID");
    // Otherwise it would believe the other one, if that joined later.
    redis.command(to, "CLUSTER BUMPEPOCH");
    redis.command(to, "CLUSTER SETSLOT " + slot + " NODE " + target);
    redis.command(from, "CLUSTER SETSLOT " + slot + " NODE " + target);
    assertThat(run(COUNT, key)).isEqualTo(new ScriptResult.Int(1));
    assertThat(redis.command(to, "GET " + key)).isEqualTo("1");
  }

  /** The master that serves a slot. */
  private static int owner(String slot) {
    for (int master = 0; master < redis.size(); master++) {
      String self = redis.command(master, "CLUSTER MYID");
      for (String node : redis.command(master, "CLUSTER NODES").split("\n", -1)) {
        if (node.startsWith(self) && hasSlot(node, Integer.parseInt(slot))) {
          return master;
        }
      }
    }
    throw new AssertionError("no master has the slot " + slot);
  }

  private static boolean hasSlot(String node, int slot) {
    return Arrays.stream(node.split(" ", -1))
        .skip(8)
        .filter(range -> !range.startsWith("["))
        .anyMatch(
            range -> {
              String[] ends = range.split("-", -1);
              return Integer.parseInt(ends[0]) <= slot
                  && slot <= Integer.parseInt(ends[ends.length - 1]);
            });
  }

  @Test
  void receivesWhatIsPublishedOnEachMaster() {
    Queue<String> received = new ConcurrentLinkedQueue<>();
    engine.updates().deliverTo((channel, _) -> received.add(channel));
    var publish =
        script("publish", "return redis.call('PUBLISH', 'game_updates:game:' .. KEYS[1], 'x')");
    var expected = new String[KEYS];
    for (int key = 0; key < KEYS; key++) {
      run(publish, "published-" + key);
      expected[key] = "game_updates:game:published-" + key;
    }
    Eventually.holds(() -> received.size() >= KEYS);
    assertThat(received).containsExactlyInAnyOrder(expected);
  }

  @Test
  void tellsAScriptThatCannotBeCompiled() {
    assertThatThrownBy(() -> TestBus.await(engine.check(script("broken", "return ("))))
        .hasMessageContaining("user_script:1");
    TestBus.await(engine.check(COUNT));
    for (int master = 0; master < redis.size(); master++) {
      assertThat(redis.command(master, "SCRIPT EXISTS " + COUNT.sha1())).isEqualTo("1");
    }
  }

  private static ScriptResult run(Script script, String... keys) {
    return TestBus.await(engine.run(script, bytes(List.of(keys)), List.of()));
  }

  private static String runWith(Script script, List<String> keys, String... args) {
    ScriptResult result = TestBus.await(engine.run(script, bytes(keys), bytes(List.of(args))));
    return result instanceof ScriptResult.Bulk bulk ? bulk.string() : "";
  }

  private static List<byte[]> bytes(List<String> texts) {
    return texts.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
  }

  private static Script script(String name, String source) {
    return Script.of(name, source.getBytes(StandardCharsets.UTF_8));
  }
}
