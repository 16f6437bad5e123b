package dev.rookery.console;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Reads the sources of all columns in one pass over the meters of a node. */
final class MeterReader {
  private record Target(int index, MetricSource source) {}

  private final MeterRegistry registry;
  private final int sources;
  private final Map<String, List<Target>> byMeter = new HashMap<>();

  MeterReader(MeterRegistry registry) {
    this.registry = registry;
    List<MetricSource> all = MetricColumns.sources();
    this.sources = all.size();
    for (int i = 0; i < sources; i++) {
      MetricSource source = all.get(i);
      byMeter.computeIfAbsent(source.meter(), _ -> new ArrayList<>()).add(new Target(i, source));
    }
  }

  MeterSums read() {
    var sums = new MeterSums(sources);
    for (Meter meter : registry.getMeters()) {
      List<Target> targets = byMeter.get(meter.getId().getName());
      if (targets != null) {
        for (Target target : targets) {
          if (target.source().matches(meter.getId())) {
            add(sums, target.index(), meter);
          }
        }
      }
    }
    return sums;
  }

  private static void add(MeterSums sums, int index, Meter meter) {
    switch (meter) {
      case Timer timer -> {
        sums.addTimer(
            index, timer.count(), timer.totalTime(TimeUnit.SECONDS), timer.max(TimeUnit.SECONDS));
        for (CountAtBucket bucket : timer.takeSnapshot().histogramCounts()) {
          sums.addBucket(index, bucket.bucket(TimeUnit.SECONDS), bucket.count());
        }
      }
      case Counter counter -> sums.addCount(index, counter.count());
      case FunctionCounter counter -> sums.addCount(index, counter.count());
      case TimeGauge gauge -> sums.addGauge(index, gauge.value(TimeUnit.SECONDS));
      case Gauge gauge -> sums.addGauge(index, gauge.value());
      default -> {}
    }
  }
}
