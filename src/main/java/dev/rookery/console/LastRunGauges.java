package dev.rookery.console;

import dev.rookery.base.Refused;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gauges of what the cluster does from time to time: when the last one ended, how, how long it
 * took, and how old the last good one is. Every node reads them from the rows, so that all show the
 * same, also after a restart. NaN while there is none.
 */
final class LastRunGauges {
  private static final Logger LOG = LoggerFactory.getLogger(LastRunGauges.class);
  private static final double MILLIS = TimeUnit.SECONDS.toMillis(1);

  private final InstantSource clock;
  private final String name;
  private final Supplier<LastRuns> rows;
  private volatile LastRuns found = new LastRuns(null, 0);

  /**
   * The last one that ended.
   *
   * @param good whether it was as it should be
   */
  record LastRun(long begunMs, long endedMs, boolean good) {}

  /**
   * @param last of all that ended
   * @param goodMs when the last good one ended; 0 for never
   */
  record LastRuns(@Nullable LastRun last, long goodMs) {}

  /**
   * Registers the gauges.
   *
   * @param name the beginning of their names, such as {@code rookery.backup}
   * @param rows reads them; may block
   */
  LastRunGauges(MeterRegistry registry, InstantSource clock, String name, Supplier<LastRuns> rows) {
    this.clock = clock;
    this.name = name;
    this.rows = rows;
    register(registry, ".last.time", "When the last one ended", last(run -> run.endedMs / MILLIS));
    register(
        registry,
        ".last.duration",
        "How long the last one took",
        last(run -> (run.endedMs - run.begunMs) / MILLIS));
    register(registry, ".age", "Time since the last good one ended", LastRunGauges::age);
    Gauge.builder(name + ".last.ok", this, last(run -> run.good ? 1 : 0))
        .description("1 if the last one that ended was good, 0 if not")
        .register(registry);
  }

  private void register(
      MeterRegistry registry,
      String suffix,
      String description,
      ToDoubleFunction<LastRunGauges> value) {
    Gauge.builder(name + suffix, this, value)
        .description(description)
        .baseUnit("seconds")
        .register(registry);
  }

  private static ToDoubleFunction<LastRunGauges> last(ToDoubleFunction<LastRun> value) {
    return gauges -> {
      LastRun run = gauges.found.last;
      return run == null ? Double.NaN : value.applyAsDouble(run);
    };
  }

  private double age() {
    long goodMs = found.goodMs;
    return goodMs == 0 ? Double.NaN : Math.max(0, clock.millis() - goodMs) / MILLIS;
  }

  /** Reads the rows again; blocks. */
  void refresh() {
    try {
      found = rows.get();
    } catch (Refused unavailable) {
      LOG.debug("the figures of {} stay as they are: {}", name, unavailable.toString());
    }
  }
}
