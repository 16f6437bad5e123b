package dev.rookery.script;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;

/** The metrics of the keyspace of the embedded engine on this node. */
final class KeyspaceMeters {
  private final AtomicLong keys = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final Timer snapshots;
  private final Timer restores;
  private final Counter lost;
  private final MeterRegistry registry;

  KeyspaceMeters(MeterRegistry registry) {
    this.registry = registry;
    Gauge.builder("rookery.keyspace.keys", keys, AtomicLong::get)
        .description("Keys of the keyspace of scripts; 0 on nodes that do not own it")
        .register(registry);
    Gauge.builder("rookery.keyspace.memory", bytes, AtomicLong::get)
        .description("Memory of the keyspace of scripts; 0 on nodes that do not own it")
        .baseUnit("bytes")
        .register(registry);
    this.snapshots =
        Timer.builder("rookery.keyspace.snapshots")
            .description("Snapshots of the keyspace that this node has stored")
            .register(registry);
    this.restores =
        Timer.builder("rookery.keyspace.restores")
            .description("How often this node has restored the keyspace from the database")
            .register(registry);
    this.lost =
        Counter.builder("rookery.keyspace.lost")
            .description("How often this node has lost the keyspace to another one")
            .register(registry);
  }

  /** Registers what is read from the engine itself. */
  <T> void watch(String name, String description, T engine, ToDoubleFunction<T> value) {
    Gauge.builder("rookery.keyspace." + name, engine, value)
        .description(description)
        .register(registry);
  }

  void update(long newKeys, long newBytes) {
    keys.set(newKeys);
    bytes.set(newBytes);
  }

  void snapshotTaken(Duration took) {
    snapshots.record(took);
  }

  void restored(Duration took) {
    restores.record(took);
  }

  void lost() {
    lost.increment();
    update(0, 0);
  }
}
