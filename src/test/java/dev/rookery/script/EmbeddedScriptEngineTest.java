package dev.rookery.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.cluster.HeartbeatSettings;
import dev.rookery.script.ScriptException.Kind;
import dev.rookery.testkit.DatabaseProxy;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.TestBus;
import dev.rookery.testkit.TestClusterMember;
import dev.rookery.testkit.TestStore;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The engine on one node and on two, on both databases. */
final class EmbeddedScriptEngineTest {
  /** Longer than any script of these tests takes on a busy machine. */
  private static final Duration SCRIPT_TIME = Duration.ofSeconds(30);

  private static final String ALL = "dev.rookery.testkit.Databases#all";
  private static final Script INCR =
      script("incr", "return redis.call('INCRBY', KEYS[1], ARGV[1] or 1)");
  private static final Script GET = script("get", "return redis.call('GET', KEYS[1])");
  private static final Script PUBLISH =
      script("publish", "return redis.call('PUBLISH', 'game_updates:game:1', ARGV[1])");
  private static final int SCRIPT_MEMORY = 8 << 20;
  private static final String LARGE = "local x = 'x' for i = 1, 20 do x = x .. x end ";
  private static final List<byte[]> KEY = List.of(bytes("n"));

  private final AtomicLong nanos = new AtomicLong(7);
  private final TestBus bus = new TestBus();

  @AfterEach
  void close() {
    bus.close();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void restoresEverythingAfterAnOrderlyStop(TestStore store) {
    for (Durability durability : Durability.values()) {
      try (var node = node(store, "ann" + durability, durability)) {
        long before = number(node, INCR);
        assertThat(number(node, INCR)).isEqualTo(before + 1);
      }
    }
    try (var node = node(store, "bob", Durability.COMMIT)) {
      assertThat(number(node, INCR)).isEqualTo(7);
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void restoresWhatWasAnsweredByAKilledOwner(TestStore store) {
    var killed = node(store, "ann", Durability.COMMIT);
    for (int i = 1; i <= 20; i++) {
      assertThat(number(killed, INCR)).isEqualTo(i);
    }
    assertThat(text(killed.run(GET))).isEqualTo("20");

    try (var next = node(store, "bob", Durability.COMMIT)) {
      declareOthersDead(next.member());

      assertThat(number(next, INCR)).isEqualTo(21);
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void keepsWhatAScriptWroteBeforeItFailed(TestStore store) {
    var failing = script("failing", "redis.call('SET', KEYS[1], 'x') error('boom')");
    try (var node = node(store, "ann", Durability.COMMIT)) {
      assertThatThrownBy(() -> node.run(failing))
          .hasMessage(
              "ERR Error running script (call to f_%s): @user_script:1: user_script:1: boom"
                  .formatted(failing.sha1()));
    }
    try (var node = node(store, "bob", Durability.COMMIT)) {
      assertThat(text(node.run(GET))).isEqualTo("x");
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void stopsHostileScriptsAndGoesOn(TestStore store) {
    var second = Duration.ofSeconds(1);
    try (var node = node(store, "ann", Durability.EVERYSEC, nanos::get, second)) {
      assertThat(kind(node, script("loop", "while true do end"))).isEqualTo(Kind.TIMED_OUT);
    }
    try (var node = node(store, "bob", Durability.EVERYSEC)) {
      assertThat(kind(node, script("grow", "local t = {} while true do t[#t + 1] = {} end")))
          .isEqualTo(Kind.OUT_OF_MEMORY);
      assertThat(kind(node, script("large", LARGE + "return x .. x"))).isEqualTo(Kind.TOO_LARGE);
      assertThat(kind(node, script("deep", "local t = {} t[1] = t return t")))
          .isEqualTo(Kind.TOO_LARGE);
      assertThat(kind(node, script("broken", "return +"))).isEqualTo(Kind.SCRIPT);
      assertThat(number(node, INCR)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void runsCallsOfOtherNodesAtTheOwner(TestStore store) {
    try (var owner = node(store, "ann", Durability.COMMIT);
        var other = node(store, "bob", Durability.COMMIT)) {
      var answers = new ArrayList<Future<ScriptResult>>();
      for (int i = 0; i < 200; i++) {
        answers.add((i % 2 == 0 ? owner : other).engine().run(INCR, KEY, List.of()));
      }
      var numbers =
          answers.stream().map(answer -> ((ScriptResult.Int) TestBus.await(answer)).value());

      assertThat(numbers).doesNotHaveDuplicates().contains(1L, 200L);
      assertThat(kind(other, script("broken", "return +"))).isEqualTo(Kind.SCRIPT);
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void deliversPublishedMessagesOnceAndInOrderToAllNodes(TestStore store) {
    try (var owner = node(store, "ann", Durability.EVERYSEC);
        var other = node(store, "bob", Durability.EVERYSEC)) {
      var expected = new ArrayList<String>();
      for (int i = 0; i < 100; i++) {
        expected.add("game_updates:game:1 " + i);
        (i % 2 == 0 ? owner : other).run(PUBLISH, KEY, bytes(Integer.toString(i)));
      }

      Eventually.holds(() -> owner.received().size() >= 100 && other.received().size() >= 100);
      assertThat(owner.received()).isEqualTo(expected);
      assertThat(other.received()).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void handsTheKeyspaceOverWhenItsOwnerStops(TestStore store) {
    var owner = node(store, "ann", Durability.EVERYSEC);
    try (var other = node(store, "bob", Durability.EVERYSEC)) {
      assertThat(number(other, INCR)).isEqualTo(1);
      owner.close();

      assertThat(number(other, INCR)).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void givesUpAKeyspaceThatIsLostWhileItIsRestored(TestStore store) {
    var other = TestClusterMember.join(store, "bob", nanos::get);
    var restoring = TestClusterMember.join(store, "ann", nanos::get);
    Runnable loseTheLease =
        () -> {
          declareOthersDead(other);
          assertThat(other.leases().acquire("keyspace/scripts")).isPresent();
          restoring.heartbeat();
        };
    // The first time that is recorded is that of the restore, before calls are taken.
    var clock = new HookedClock(loseTheLease);
    var meters = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);
    try (var node = node(store, "ann", restoring, Durability.NONE, SCRIPT_TIME, meters)) {
      Eventually.holds(() -> node.meters().counter("rookery.keyspace.lost").count() == 1);
      assertThat(node.meters().get("rookery.keyspace.owned").gauge().value()).isZero();
    }
    other.membership().leave();
  }

  /** A clock of meters that runs something once, when the keyspace was restored. */
  private static final class HookedClock implements io.micrometer.core.instrument.Clock {
    private final AtomicReference<@Nullable Runnable> once;

    HookedClock(Runnable work) {
      this.once = new AtomicReference<>(work);
    }

    @Override
    public long wallTime() {
      if (Thread.currentThread().isVirtual()) {
        Runnable work = once.getAndSet(null);
        if (work != null) {
          work.run();
        }
      }
      return System.currentTimeMillis();
    }

    @Override
    public long monotonicTime() {
      return System.nanoTime();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void neverRepeatsACallThatADeadOwnerMayHaveExecuted(TestStore store) {
    var slow = script("slow", "redis.call('INCR', KEYS[1]) while true do end");
    var owner = node(store, "ann", Durability.COMMIT, () -> 7, Duration.ofSeconds(4));
    assertThat(number(owner, INCR)).as("it owns the keyspace").isEqualTo(1);
    try (var other = node(store, "bob", Durability.COMMIT)) {
      assertThat(number(other, INCR)).as("it knows the owner").isEqualTo(2);
      Future<ScriptResult> sent = other.engine().run(slow, KEY, List.of());
      declareOthersDead(other.member());

      assertThatThrownBy(() -> TestBus.await(sent))
          .isInstanceOfSatisfying(
              ScriptException.class, failure -> assertThat(failure.kind()).isEqualTo(Kind.AWAY));
      assertThat(number(other, INCR)).isBetween(3L, 4L);
      // Its script ends now, and not beside the next test, which its errors would disturb.
      owner.close();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void restoresFromASnapshotAndTheLogAfterIt(TestStore store) {
    var fill = script("fill", LARGE + "redis.call('SET', KEYS[1], x) return 1");
    try (var node = node(store, "ann", Durability.COMMIT)) {
      for (int i = 0; i < 20; i++) {
        node.run(fill, List.of(bytes("key" + i)));
      }
      number(node, INCR);
      Eventually.holds(() -> node.meters().timer("rookery.keyspace.snapshots").count() > 0);
      number(node, INCR);
    }
    try (var node = node(store, "bob", Durability.COMMIT)) {
      assertThat(number(node, INCR)).isEqualTo(3);
      assertThat(text(node.run(script("size", "return tostring(#redis.call('GET', 'key19'))"))))
          .isEqualTo("1048576");
    }
  }

  @Test
  void countsEachCallOnceWhileTheDatabaseIsAway() throws Exception {
    try (var database = Databases.postgres();
        var proxy = DatabaseProxy.start(database);
        var store = TestStore.open(proxy.testDatabase())) {
      try (var node = confirmedNode(store, "ann", Durability.COMMIT)) {
        assertThat(number(node, INCR)).isEqualTo(1);
        proxy.loseCommitAfter("scripts");
        assertThat(kind(node, INCR)).as("executed").isEqualTo(Kind.AWAY);
        assertThat(kind(node, INCR)).as("not executed").isEqualTo(Kind.BUSY);
        proxy.restore();

        Eventually.holds(() -> isAnswered(node));
        assertThat(number(node, INCR)).isEqualTo(4);
      }
      try (var node = confirmedNode(store, "bob", Durability.EVERYSEC)) {
        assertThat(number(node, INCR)).isEqualTo(5);
        proxy.cut();
        assertThat(number(node, INCR)).isEqualTo(6);
        proxy.restore();
      }
      try (var node = confirmedNode(store, "cid", Durability.COMMIT)) {
        assertThat(number(node, INCR)).isEqualTo(7);
      }
    }
  }

  private static boolean isAnswered(Node node) {
    try {
      return number(node, INCR) == 3;
    } catch (ScriptException failure) {
      assertThat(failure.kind()).isEqualTo(Kind.BUSY);
      return false;
    }
  }

  /** A node that is never taken for dead, although its database is away. */
  private Node confirmedNode(TestStore store, String name, Durability durability) {
    return node(store, name, durability, () -> 7, SCRIPT_TIME);
  }

  private Node node(TestStore store, String name, Durability durability) {
    return node(store, name, durability, nanos::get, SCRIPT_TIME);
  }

  private Node node(
      TestStore store,
      String name,
      Durability durability,
      LongSupplier clock,
      Duration scriptTime) {
    var member = TestClusterMember.join(store, name, clock);
    return node(store, name, member, durability, scriptTime, new SimpleMeterRegistry());
  }

  private Node node(
      TestStore store,
      String name,
      TestClusterMember member,
      Durability durability,
      Duration scriptTime,
      SimpleMeterRegistry meters) {
    var defaults = EmbeddedSettings.DEFAULTS;
    var engine =
        new EmbeddedScriptEngine(
            bus.vertx(),
            new EmbeddedScriptEngine.Dependencies(
                bus.bus(),
                store.database(),
                member.leases(),
                member.membership(),
                Clock.systemUTC(),
                new SplittableRandom(1),
                meters,
                name,
                true),
            new EmbeddedSettings(
                durability,
                defaults.memoryBytes(),
                scriptTime,
                SCRIPT_MEMORY,
                defaults.resultBytesMax()));
    var received = new CopyOnWriteArrayList<String>();
    engine
        .updates()
        .deliverTo(
            (channel, message) ->
                received.add(channel + " " + new String(message, StandardCharsets.UTF_8)));
    TestBus.await(engine.start());
    return new Node(engine, member, meters, received);
  }

  private void declareOthersDead(TestClusterMember alive) {
    Duration beat = HeartbeatSettings.DEFAULT.interval();
    alive.heartbeat();
    for (Duration silent = beat.negated();
        silent.compareTo(HeartbeatSettings.DEFAULT.timeout()) <= 0;
        silent = silent.plus(beat)) {
      nanos.addAndGet(beat.toNanos());
      alive.heartbeat();
    }
  }

  private static long number(Node node, Script script) {
    return ((ScriptResult.Int) node.run(script)).value();
  }

  private static String text(ScriptResult result) {
    return ((ScriptResult.Bulk) result).string();
  }

  private static Kind kind(Node node, Script script) {
    try {
      throw new AssertionError("no failure but " + node.run(script));
    } catch (ScriptException failure) {
      return failure.kind();
    }
  }

  private static Script script(String name, String source) {
    return Script.of(name, bytes(source));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private record Node(
      EmbeddedScriptEngine engine,
      TestClusterMember member,
      SimpleMeterRegistry meters,
      List<String> received)
      implements AutoCloseable {
    ScriptResult run(Script script) {
      return run(script, KEY);
    }

    ScriptResult run(Script script, List<byte[]> keys, byte[]... args) {
      return TestBus.await(engine.run(script, keys, List.of(args)));
    }

    @Override
    public void close() {
      member.leases().shutDown();
      member.membership().leave();
    }
  }
}
