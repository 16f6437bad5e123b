package dev.rookery.extensionhost;

import dev.rookery.base.FatalErrors;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The versions of extensions that are loaded on this node, until each has stopped: besides those
 * that take calls, those that are about to and those whose last calls go on. Ends calls that take
 * too long. Any thread may call.
 */
final class LoadedInstances {
  private static final Logger LOG = LoggerFactory.getLogger(LoadedInstances.class);
  private static final long CHECK_MS = 100;

  private final Vertx vertx;
  private final Runnable onStopped;
  private final long timer;
  private final Set<ExtensionInstance> instances = ConcurrentHashMap.newKeySet();
  private final Set<Thread> stopping = ConcurrentHashMap.newKeySet();

  /**
   * @param onStopped is called when a version has stopped, on a thread of its own
   */
  LoadedInstances(Vertx vertx, MeterRegistry meters, Runnable onStopped) {
    this.vertx = vertx;
    this.onStopped = onStopped;
    this.timer =
        vertx.setPeriodic(
            CHECK_MS, _ -> instances.forEach(instance -> instance.calls().checkTimeouts()));
    gauge(
        meters,
        "rookery.extensions.calls.running",
        "Calls of extensions that have begun and not ended",
        ExtensionCalls::inUse);
    gauge(
        meters,
        "rookery.extensions.calls.overdue",
        "Threads in calls of extensions whose callers were answered with a timeout",
        ExtensionCalls::overdue);
  }

  private void gauge(
      MeterRegistry meters,
      String name,
      String description,
      ToDoubleFunction<ExtensionCalls> value) {
    Gauge.builder(name, this, loaded -> loaded.sum(value))
        .description(description)
        .register(meters);
  }

  private double sum(ToDoubleFunction<ExtensionCalls> value) {
    return instances.stream().map(ExtensionInstance::calls).mapToDouble(value).sum();
  }

  /** A view, which may change at any time. */
  Set<ExtensionInstance> all() {
    return Collections.unmodifiableSet(instances);
  }

  void add(ExtensionInstance instance) {
    instances.add(instance);
  }

  /** Removes a version that has not started. */
  void remove(ExtensionInstance instance) {
    instances.remove(instance);
  }

  /** Stops a version on a thread of its own, because calls may go on for their whole time. */
  void stop(ExtensionInstance instance) {
    Thread thread =
        Thread.ofVirtual()
            .name("stop of extension " + instance.jar().name())
            .unstarted(
                () -> {
                  try {
                    instance.stop();
                  } catch (RuntimeException | Error failure) {
                    FatalErrors.endIfFatal(failure);
                    LOG.error("extension {} cannot be stopped", instance.jar().name(), failure);
                  } finally {
                    instances.remove(instance);
                    onStopped.run();
                    stopping.remove(Thread.currentThread());
                  }
                });
    stopping.add(thread);
    thread.start();
  }

  /**
   * Waits for those that are being stopped.
   *
   * @param within for each of them
   */
  void close(Duration within) {
    try {
      for (Thread thread : List.copyOf(stopping)) {
        thread.join(within);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    vertx.cancelTimer(timer);
  }
}
