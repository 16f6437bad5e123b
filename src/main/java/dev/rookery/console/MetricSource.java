package dev.rookery.console;

import io.micrometer.core.instrument.Meter;
import org.jspecify.annotations.Nullable;

/**
 * The meters of which one figure is made: all of a name, or those of them of which a tag begins
 * with a text.
 */
record MetricSource(String meter, @Nullable String tag, String prefix) {
  /** What is taken from the meters. */
  enum Statistic {
    /** The value now. */
    GAUGE,
    /** Events a second, of counters and timers. */
    RATE,
    /** The mean of what timers measured in the interval. */
    MEAN,
    /** The largest that timers measured lately, as they know it. */
    LARGEST,
    /** The part of the interval that timers measured. */
    TIME_PART,
    P50,
    P95,
    P99
  }

  boolean matches(Meter.Id id) {
    if (tag == null) {
      return true;
    }
    String value = id.getTag(tag);
    return value != null && value.startsWith(prefix);
  }
}
