package dev.rookery.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.bus.Done;
import dev.rookery.console.Drill.Fault;
import dev.rookery.console.Drill.State;
import dev.rookery.store.Transaction;
import dev.rookery.testkit.TestStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is kept of drills, and what their gauges show, on both databases. */
final class DrillStoreTest {
  private static final String ALL = "dev.rookery.testkit.Databases#all";
  private static final Duration YEAR = Duration.ofDays(365);

  private final DrillStore drills = new DrillStore();

  private long begin(TestStore store) {
    return store
        .database()
        .write(
            tx -> {
              long id = drills.insert(tx, "ann", 7, Fault.CUT, null).orElseThrow();
              assertThat(drills.begin(tx, id, 7)).isTrue();
              drills.acknowledge(tx, id);
              return id;
            });
  }

  private void end(TestStore store, long drill, long received, State state) {
    write(
        store,
        tx -> {
          drills.measure(tx, drill, 0, received, 0);
          drills.end(tx, drill, state, "");
        });
  }

  private static void write(TestStore store, Consumer<Transaction> work) {
    store
        .database()
        .write(
            tx -> {
              work.accept(tx);
              return Done.DONE;
            });
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void notesWhenTheNodeWasBackOnlyTheFirstTime(TestStore store) {
    long drill = begin(store);
    assertThat(find(store, drill).times().backMs()).isZero();
    store.clock().advance(Duration.ofSeconds(10));
    long back = store.clock().millis();
    write(store, tx -> drills.refused(tx, drill));
    store.clock().advance(Duration.ofSeconds(1));
    write(store, tx -> drills.refused(tx, drill));

    assertThat(find(store, drill).times().backMs()).isEqualTo(back);
    assertThat(find(store, drill).refused()).isEqualTo(2);
  }

  private Drill find(TestStore store, long drill) {
    return drills.find(store.database(), drill).orElseThrow();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void showsTheLastDrillAndTheAgeOfTheLastWithoutLosses(TestStore store) {
    var meters = new SimpleMeterRegistry();
    var gauges =
        new LastRunGauges(
            meters, store.clock(), "rookery.drill", () -> drills.lastRuns(store.database()));
    gauges.refresh();
    assertThat(value(meters, "rookery.drill.age")).isNaN();
    assertThat(value(meters, "rookery.drill.last.ok")).isNaN();

    long good = begin(store);
    store.clock().advance(Duration.ofSeconds(20));
    end(store, good, 1, State.DONE);
    store.clock().advance(Duration.ofSeconds(30));
    gauges.refresh();
    assertThat(value(meters, "rookery.drill.age")).isEqualTo(30);
    assertThat(value(meters, "rookery.drill.last.ok")).isEqualTo(1);
    assertThat(value(meters, "rookery.drill.last.duration")).isEqualTo(20);

    long withLosses = begin(store);
    gauges.refresh();
    assertThat(value(meters, "rookery.drill.last.ok")).isEqualTo(1);
    end(store, withLosses, 0, State.DONE);
    gauges.refresh();
    assertThat(value(meters, "rookery.drill.last.ok")).isZero();
    assertThat(value(meters, "rookery.drill.last.duration")).isZero();
    assertThat(value(meters, "rookery.drill.age")).isEqualTo(30);
  }

  private static double value(SimpleMeterRegistry meters, String gauge) {
    return meters.get(gauge).gauge().value();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void removesOldDrillsButNotTheOneThatIsUnderWay(TestStore store) {
    long old = begin(store);
    end(store, old, 1, State.FAILED);
    long underWay = begin(store);
    store.clock().advance(YEAR.plusSeconds(1));

    long before = store.clock().instant().minus(YEAR).toEpochMilli();
    assertThat(store.database().<Long>write(tx -> drills.sweep(tx, before))).isEqualTo(1);
    assertThat(drills.find(store.database(), old)).isEmpty();
    assertThat(drills.find(store.database(), underWay)).isPresent();
  }
}
