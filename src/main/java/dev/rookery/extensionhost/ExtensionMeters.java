package dev.rookery.extensionhost;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import java.util.List;

/**
 * The metrics of one version of an extension. They become visible when the version takes over, so
 * that those of the earlier one, which have the same names, are gone by then.
 */
final class ExtensionMeters {
  private static final int METERS_MAX = 1_000;

  private final CompositeMeterRegistry own = new CompositeMeterRegistry();
  private final MeterRegistry server;

  ExtensionMeters(String extension, MeterRegistry server) {
    this.server = server;
    String prefix = "extension." + extension + ".";
    own.config()
        .meterFilter(
            new MeterFilter() {
              @Override
              public Meter.Id map(Meter.Id id) {
                return id.withName(prefix + id.getName());
              }
            })
        .meterFilter(MeterFilter.maximumAllowableMetrics(METERS_MAX));
  }

  MeterRegistry registry() {
    return own;
  }

  void show() {
    own.add(server);
  }

  /** Removes the metrics from those of the server; does nothing the second time. */
  void hide() {
    for (Meter meter : List.copyOf(own.getMeters())) {
      own.remove(meter);
    }
    own.remove(server);
  }
}
