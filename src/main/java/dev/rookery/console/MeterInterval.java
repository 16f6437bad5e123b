package dev.rookery.console;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the columns of the metric history for intervals of any length, such as a second. */
public final class MeterInterval {
  private final List<MetricColumn> columns = MetricColumns.all();
  private final MeterReader reader;
  private final IntervalSampler sampler = new IntervalSampler();
  private long lastNanos;
  private boolean started;

  public MeterInterval(MeterRegistry registry) {
    this.reader = new MeterReader(registry);
  }

  /** Ends the interval that began with the last call; returns the values that are known. */
  public synchronized Map<String, Double> take() {
    MeterSums now = reader.read();
    long nanos = System.nanoTime();
    float[] sampled = sampler.end(now, started ? (nanos - lastNanos) / 1e9 : 0);
    lastNanos = nanos;
    started = true;
    var values = new HashMap<String, Double>();
    for (int i = 0; i < sampled.length; i++) {
      if (!Float.isNaN(sampled[i])) {
        values.put(columns.get(i).key(), (double) sampled[i]);
      }
    }
    return values;
  }
}
