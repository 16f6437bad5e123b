package dev.rookery.node;

import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.metrics.MetricsOptions;
import io.vertx.core.spi.VertxMetricsFactory;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.util.EnumSet;
import java.util.List;

/**
 * The metrics of one node: its process, and what Vert.x reports of event bus, HTTP clients, worker
 * pools and the SQL pool.
 *
 * <p>Requests and sockets are counted by {@code edge}, and commands by {@code bus}: a few lookups
 * there cost less than the hooks of Vert.x around every connection and message of a server.
 */
final class MeterRegistries implements AutoCloseable {
  private static final List<MetricsDomain> COUNTED_BY_EDGE =
      List.of(MetricsDomain.HTTP_SERVER, MetricsDomain.NET_SERVER);

  // Not the address: each reply has one of its own, and the number of series would have no bound.
  private static final EnumSet<Label> LABELS =
      EnumSet.of(
          Label.EB_SIDE,
          Label.EB_FAILURE,
          Label.POOL_TYPE,
          Label.POOL_NAME,
          Label.CLIENT_NAME,
          Label.NAMESPACE,
          Label.HTTP_METHOD,
          Label.HTTP_CODE);

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics gcMetrics = new JvmGcMetrics();

  MeterRegistries() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    gcMetrics.bindTo(registry);
  }

  PrometheusMeterRegistry registry() {
    return registry;
  }

  /**
   * What Vert.x reports to this registry.
   *
   * @param runId keeps the registries of several nodes in one process apart
   */
  MetricsOptions vertxOptions(String runId) {
    var options =
        new MicrometerMetricsOptions().setEnabled(true).setRegistryName(runId).setLabels(LABELS);
    COUNTED_BY_EDGE.forEach(options::addDisabledMetricsCategory);
    return options;
  }

  VertxMetricsFactory vertxFactory() {
    return new MicrometerMetricsFactory(registry);
  }

  @Override
  public void close() {
    gcMetrics.close();
    registry.close();
  }
}
