package dev.rookery.consumer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/** The metrics of one consumer on this node. */
final class ConsumerMeters {
  final Counter consumed;
  final Counter failed;
  final Counter parked;
  private final MeterRegistry registry;
  private final Gauge lag;
  private final AtomicLongArray lagMillis;

  /**
   * @param shards the number of shards
   */
  ConsumerMeters(MeterRegistry registry, String consumer, int shards) {
    this.registry = registry;
    this.consumed =
        counter(registry, consumer, "rookery.consumers.events", "Events that a consumer handled");
    this.failed =
        counter(
            registry,
            consumer,
            "rookery.consumers.failures",
            "Attempts of a consumer to handle events that failed");
    this.parked =
        counter(
            registry,
            consumer,
            "rookery.consumers.parked",
            "Events that a consumer could not handle and has passed over");
    this.lagMillis = new AtomicLongArray(shards);
    this.lag =
        Gauge.builder("rookery.consumers.lag", this, meters -> meters.lagMillisMax() / 1_000.0)
            .description("Age of the oldest event that a consumer of this node has not handled")
            .baseUnit("seconds")
            .tag("consumer", consumer)
            .register(registry);
  }

  /** Removes the metrics of a consumer that is gone. */
  void close() {
    for (Meter meter : List.of(consumed, failed, parked, lag)) {
      registry.remove(meter);
    }
  }

  void setLag(int shard, long millis) {
    lagMillis.set(shard, Math.max(0, millis));
  }

  private long lagMillisMax() {
    long max = 0;
    for (int shard = 0; shard < lagMillis.length(); shard++) {
      max = Math.max(max, lagMillis.get(shard));
    }
    return max;
  }

  private static Counter counter(
      MeterRegistry registry, String consumer, String name, String description) {
    return Counter.builder(name)
        .description(description)
        .tag("consumer", consumer)
        .register(registry);
  }
}
