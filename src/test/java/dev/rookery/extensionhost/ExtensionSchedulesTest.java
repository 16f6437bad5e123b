package dev.rookery.extensionhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.bus.Bus;
import dev.rookery.cluster.HeartbeatSettings;
import dev.rookery.extension.Schedules;
import dev.rookery.extensionplatform.ExtensionPlatforms;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.ExtensionSources;
import dev.rookery.testkit.TestClusterMember;
import dev.rookery.testkit.TestStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.core.shareddata.Lock;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that jobs run once for each time of their schedules, whatever happens to nodes. */
final class ExtensionSchedulesTest {
  private static final String ALL = "dev.rookery.testkit.Databases#all";
  private static final ExtensionSettings SETTINGS =
      new ExtensionSettings(
          Duration.ofMinutes(1),
          Duration.ofSeconds(5),
          Duration.ofMinutes(1),
          Duration.ofSeconds(10),
          4,
          10,
          10,
          5,
          1 << 20);
  // Counts the runs by period, and waits at the end of each for a lock that the test may have.
  private static final String JOB =
      """
      var runs = context.vertx().sharedData().<String, Integer>getLocalMap("runs");
      var gates = context.vertx().sharedData().<String, String>getLocalMap("gates");
      context.schedules().%s, run -> {
        runs.merge(run.jobName() + " " + run.periodKey(), 1, Integer::sum);
        context.vertx().sharedData().getLocalLockWithTimeout("gate", 60_000).await().release();
        if (gates.containsKey("fails")) {
          throw new IllegalStateException("secret");
        }
      });
      """;
  private static final String EVERY_FIVE = JOB.formatted("everyMinutes(\"tick\", 5");

  private final Vertx vertx = Vertx.vertx();
  private final AtomicLong nanos = new AtomicLong(7);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Bus bus = new Bus(vertx, meters);

  @AfterEach
  void closeVertx() {
    vertx.close().await();
  }

  /** A node that looks for jobs when it is told. */
  private final class TestedNode implements AutoCloseable {
    final TestClusterMember member;
    final ExtensionHost host;
    final ExtensionSchedules schedules;

    TestedNode(TestStore store, String name) {
      member = TestClusterMember.join(store, name, nanos::get);
      member.heartbeat();
      host =
          new ExtensionHost(
              vertx,
              meters,
              SETTINGS,
              _ -> Future.failedFuture("none"),
              new ExtensionPlatforms(vertx, bus),
              store.clock());
      schedules =
          new ExtensionSchedules(vertx, host, store.database(), store.clock(), member::run, meters);
    }

    void load(String statements) throws ExtensionException {
      byte[] jar = ExtensionSources.started("1", statements);
      host.activate(host.prepare(ExtensionJar.read("game", jar), new JsonObject()));
    }

    @Override
    public void close() {
      schedules.close();
      host.close();
      member.close();
    }
  }

  private Map<String, Integer> runs() {
    return new TreeMap<>(vertx.sharedData().<String, Integer>getLocalMap("runs"));
  }

  private Map<String, String> gates() {
    return vertx.sharedData().getLocalMap("gates");
  }

  private static ScheduleStore.Stored stored(TestStore store) {
    return new ScheduleStore(store.database()).list("game").getFirst();
  }

  private static void startAt(TestStore store, String time) {
    store.clock().advance(Duration.between(store.clock().instant(), Instant.parse(time)));
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void runsOnceForEachTimeOnOneOfTheNodes(TestStore store) throws Exception {
    startAt(store, "2030-01-01T11:58:00Z");
    try (var ann = new TestedNode(store, "ann");
        var bob = new TestedNode(store, "bob");
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      ann.load(EVERY_FIVE);
      bob.load(EVERY_FIVE);
      ann.schedules.look();
      bob.schedules.look();
      assertThat(runs()).isEmpty();

      for (int i = 1; i <= 3; i++) {
        store.clock().advance(Duration.ofMinutes(5));
        var one = threads.submit(ann.schedules::look);
        bob.schedules.look();
        one.get();
        int expected = i;
        Eventually.holds(() -> runs().size() == expected);
        Eventually.holds(() -> ended(store, ann, bob));
      }
      // Of several times that nobody was there for, the last is made up for.
      store.clock().advance(Duration.ofHours(2));
      bob.schedules.look();
      ann.schedules.look();
      Eventually.holds(() -> ended(store, ann, bob));

      assertThat(runs())
          .isEqualTo(
              Map.of(
                  "tick 2030-01-01T12:00:00Z", 1,
                  "tick 2030-01-01T12:05:00Z", 1,
                  "tick 2030-01-01T12:10:00Z", 1,
                  "tick 2030-01-01T14:10:00Z", 1));
    }
  }

  private static boolean ended(TestStore store, TestedNode... nodes) {
    for (TestedNode node : nodes) {
      node.schedules.look();
    }
    return !stored(store).running() && stored(store).endedMs() != null;
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void repeatsTheRunOfANodeThatDied(TestStore store) throws Exception {
    startAt(store, "2030-01-01T11:58:00Z");
    try (var ann = new TestedNode(store, "ann");
        var bob = new TestedNode(store, "bob")) {
      ann.load(EVERY_FIVE);
      bob.load(EVERY_FIVE);
      ann.schedules.look();
      bob.schedules.look();
      Lock gate = vertx.sharedData().getLocalLock("gate").await();
      store.clock().advance(Duration.ofMinutes(2));
      ann.schedules.look();
      Eventually.holds(() -> runs().size() == 1);

      // The node is alive: its run is not repeated, and the next time waits for its end.
      store.clock().advance(Duration.ofMinutes(5));
      bob.schedules.look();
      assertThat(stored(store).running()).isTrue();
      assertThat(runs()).isEqualTo(Map.of("tick 2030-01-01T12:00:00Z", 1));

      declareOthersDead(bob.member);
      store.clock().advance(Duration.ofMinutes(1));
      bob.schedules.look();
      Eventually.holds(() -> runs().equals(Map.of("tick 2030-01-01T12:00:00Z", 2)));
      gate.release();
      Eventually.holds(
          () -> {
            bob.schedules.look();
            return runs()
                .equals(
                    Map.of(
                        "tick 2030-01-01T12:00:00Z", 2,
                        "tick 2030-01-01T12:05:00Z", 1));
          });
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void anotherVersionTakesOverTheJobs(TestStore store) throws Exception {
    startAt(store, "2030-01-01T11:58:00Z");
    try (var ann = new TestedNode(store, "ann")) {
      ann.load(EVERY_FIVE);
      ann.schedules.look();
      gates().put("fails", "");
      store.clock().advance(Duration.ofMinutes(2));
      ann.load(EVERY_FIVE + "// the same jobs");
      ann.schedules.look();
      Eventually.holds(() -> ended(store, ann));
      assertThat(stored(store).error()).isEqualTo("exception");
      assertThat(runs()).isEqualTo(Map.of("tick 2030-01-01T12:00:00Z", 1));

      // Its time of this day has passed, but it was not its time then.
      store.clock().advance(Duration.ofMinutes(58));
      ann.load(JOB.formatted("daily(\"tick\", 12, 5"));
      ann.schedules.look();
      assertThat(stored(store).running()).isFalse();
      store.clock().advance(Duration.ofDays(1));
      gates().clear();
      ann.schedules.look();
      Eventually.holds(() -> runs().size() == 2);
      assertThat(runs()).containsEntry("tick 2030-01-02T12:05:00Z", 1);
      Eventually.holds(() -> ended(store, ann));
      assertThat(stored(store).error()).isNull();

      ann.load("");
      ann.schedules.look();
      assertThat(new ScheduleStore(store.database()).list("game")).isEmpty();
    }
  }

  @Test
  void writesSchedulesAsCronDoes() {
    var table = new ScheduleTable();
    table.everyMinutes("a", 15, _ -> {});
    table.hourly("b", 7, _ -> {});
    table.daily("c", 23, 59, _ -> {});
    table.weekly("d", DayOfWeek.SUNDAY, 4, 30, _ -> {});
    table.weekly("e", DayOfWeek.SATURDAY, 0, 0, _ -> {});
    table.cron("f", "0,30 */6 1 * *", _ -> {});
    table.cron("a", "0 */6 * * *", _ -> {});
    table.cancel("b");

    assertThat(table.list())
        .extracting(Schedules.Entry::schedule)
        .containsExactly("0 */6 * * *", "59 23 * * *", "30 4 * * 0", "0 0 * * 6", "0,30 */6 1 * *");
    for (String wrong : new String[] {"", "* * * *", "60 * * * *", "0 0 30 2 *", "@daily"}) {
      assertThatThrownBy(() -> table.cron("x", wrong, _ -> {}))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> table.cron("a b", "* * * * *", _ -> {}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> table.hourly("x", 60, _ -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("minute must be from 0 to 59, not 60");
  }

  /** All members but this one are silent until it declares them dead. */
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
}
