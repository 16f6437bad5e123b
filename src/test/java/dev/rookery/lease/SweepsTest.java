package dev.rookery.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.TestClusterMember;
import dev.rookery.testkit.TestStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sweeps with their stored runs, on both databases. */
final class SweepsTest {
  private static final PlayerId ADMIN = new PlayerId(7);
  private static final String NAME = "old things";

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void storesTheRunThatWasAskedFor(Databases.TestDatabase database) {
    try (var store = TestStore.open(database)) {
      var member = TestClusterMember.join(store, "one");
      var runs = new AtomicInteger();
      Sweep sweep = Sweep.every(Duration.ofHours(1), NAME, SweptTable.expired("session", "at_ms"));
      member.scheduler().scheduleSweep(sweep, _ -> 3L * runs.incrementAndGet());
      Sweeps sweeps = member.scheduler().sweeps();
      Eventually.holds(() -> sweeps.lastRuns(store.database()).size() == 1);
      assertThat(sweeps.list()).containsExactly(sweep);

      long id = store.database().write(tx -> sweeps.ask(tx, NAME, ADMIN));
      assertThatThrownBy(() -> store.database().write(tx -> sweeps.ask(tx, NAME, ADMIN)))
          .isInstanceOf(Refused.class)
          .hasMessageContaining("sweep_is_running");
      assertThat(member.scheduler().runSoon(NAME)).isTrue();
      Eventually.holds(() -> !sweeps.askedRuns(store.database(), 10).getFirst().isOpen());

      SweepRun asked = sweeps.askedRuns(store.database(), 10).getFirst();
      assertThat(asked.id()).isEqualTo(id);
      assertThat(asked.admin()).isEqualTo(ADMIN.value());
      assertThat(asked.removed()).isEqualTo(6);
      assertThat(asked.node()).isEqualTo("one");
      assertThat(member.meters().counter("rookery.sweeps.removed", "sweep", NAME).count())
          .isEqualTo(9);
      long again = store.database().write(tx -> sweeps.ask(tx, NAME, ADMIN));
      assertThat(again).isPositive();
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void findsWhatWasAskedForDuringARun(TestStore store) {
    var nanos = new AtomicLong(7);
    var sweeps = new Sweeps(store.database(), "one", new SimpleMeterRegistry(), nanos::get);
    Sweep sweep = Sweep.every(Duration.ofSeconds(1), NAME, SweptTable.ruled("session", "never"));
    var lease = new Lease("duty/" + NAME, 1, 1);
    sweeps.register(sweep);
    sweeps.run(sweep, _ -> 0, lease);

    // A run that is stored because it removed something.
    nanos.addAndGet(Duration.ofSeconds(11).toNanos());
    sweeps.run(
        sweep,
        _ -> {
          store.database().write(tx -> sweeps.ask(tx, NAME, ADMIN));
          sweeps.expectAsked(NAME);
          return 3;
        },
        lease);
    assertThat(isOpen(store, sweeps)).isTrue();
    sweeps.run(sweep, _ -> 0, lease);
    assertThat(isOpen(store, sweeps)).isFalse();

    // As if the message about it had been lost.
    store.database().write(tx -> sweeps.ask(tx, NAME, ADMIN));
    sweeps.run(sweep, _ -> 0, lease);
    assertThat(isOpen(store, sweeps)).isTrue();
    nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    sweeps.run(sweep, _ -> 0, lease);
    assertThat(isOpen(store, sweeps)).isFalse();
  }

  private static boolean isOpen(TestStore store, Sweeps sweeps) {
    return sweeps.askedRuns(store.database(), 1).getFirst().isOpen();
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void storesWhyARunFailed(Databases.TestDatabase database) {
    try (var store = TestStore.open(database)) {
      var member = TestClusterMember.join(store, "one");
      member
          .scheduler()
          .scheduleSweep(
              Sweep.every(Duration.ofHours(1), NAME, SweptTable.ruled("session", "never")),
              _ -> {
                throw Refused.conflict("not_now");
              });
      Sweeps sweeps = member.scheduler().sweeps();
      Eventually.holds(() -> sweeps.lastRuns(store.database()).size() == 1);
      assertThat(sweeps.lastRuns(store.database()).getFirst().problem()).isEqualTo("not_now");
    }
  }
}
