package dev.rookery.store;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.util.function.ToDoubleFunction;

/** The metrics of the store. */
final class StoreMeters {
  final Timer read;
  final Timer write;
  final Timer statement;
  final Timer commit;
  final DistributionSummary batch;
  final Counter retries;
  final Counter appended;
  final Counter pruned;
  final Counter swept;
  final Counter unreadLost;
  private final MeterRegistry registry;

  StoreMeters(MeterRegistry registry) {
    this.registry = registry;
    this.read = timer("rookery.store.read", "Single reads, including the wait for a connection");
    this.write = timer("rookery.store.write", "Units of work, from the call to the answer");
    this.statement = timer("rookery.store.statement", "Statements within units of work");
    this.commit = timer("rookery.store.commit", "Commits");
    this.batch =
        DistributionSummary.builder("rookery.store.batch")
            .description("Units of work that were committed together")
            .register(registry);
    this.retries = counter("rookery.store.retries", "Units of work run again after a lost race");
    this.appended = counter("rookery.store.outbox.appended", "Events committed");
    this.pruned =
        counter("rookery.store.outbox.pruned", "Events deleted after their retention time");
    this.unreadLost =
        counter(
            "rookery.store.outbox.unread.lost",
            "Events deleted before the consumers that wait for them had read them");
    this.swept = counter("rookery.store.outbox.swept", "Events published for a node that died");
  }

  /** Of a part of the store that has metrics of its own: nothing is kept. */
  static StoreMeters none() {
    return new StoreMeters(new CompositeMeterRegistry());
  }

  MeterRegistry registry() {
    return registry;
  }

  /** Counts a refused call and returns the refusal, to be thrown. */
  Refused refused(Refused refused) {
    registry.counter("rookery.store.refused", "code", refused.refusal().code()).increment();
    return refused;
  }

  /**
   * Counts a failure if it is a refusal of the store itself; refusals of domains are not counted.
   */
  void failed(Throwable failure) {
    if (failure instanceof Refused refused
        && refused.refusal() instanceof Refusal.Unavailable(var code, _)
        && code.startsWith("store_")) {
      refused(refused);
    }
  }

  <T> void gauge(String name, String description, T of, ToDoubleFunction<T> value) {
    // The heartbeat's connection has the same settings but registers no gauges.
    if (registry.find(name).gauge() == null) {
      Gauge.builder(name, of, value).description(description).register(registry);
    }
  }

  private Timer timer(String name, String description) {
    return Timer.builder(name).description(description).register(registry);
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }
}
