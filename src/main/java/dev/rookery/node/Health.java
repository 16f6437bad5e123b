package dev.rookery.node;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The readiness of this node. Parts that it depends on are probed on request, at most once a second
 * and for at most two seconds, however many requests there are.
 */
final class Health {
  private static final Logger LOG = LoggerFactory.getLogger(Health.class);
  private static final long CACHED_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long TIMEOUT_SECONDS = 2;

  enum Phase {
    STARTING,
    READY,
    DRAINING
  }

  /**
   * Checks a part of the node, on a virtual thread, which may block; throws if it is unavailable.
   */
  @FunctionalInterface
  interface Probe {
    void check() throws Exception;
  }

  /** The result of the probes, by part. */
  record Report(Phase phase, Map<String, Boolean> parts) {
    boolean ready() {
      return phase == Phase.READY && !parts.containsValue(false);
    }

    JsonObject json() {
      var checks = new JsonObject();
      parts.forEach((part, there) -> checks.put(part, there ? "ok" : "away"));
      String status = ready() ? "ready" : phase == Phase.READY ? "degraded" : phase.name();
      return JsonObject.of("status", status.toLowerCase(Locale.ROOT), "checks", checks);
    }
  }

  private final Map<String, Probe> probes = new LinkedHashMap<>();
  private volatile Phase phase = Phase.STARTING;
  private @Nullable Future<Map<String, Boolean>> last;
  private long lastNanos;

  /** Adds a probe; only before the node is ready. */
  void addProbe(String part, Probe probe) {
    probes.put(part, probe);
  }

  void enter(Phase next) {
    phase = next;
  }

  Phase phase() {
    return phase;
  }

  Future<Report> report() {
    if (phase == Phase.STARTING) {
      return Future.succeededFuture(new Report(phase, Map.of()));
    }
    return probe().map(parts -> new Report(phase, parts));
  }

  private synchronized Future<Map<String, Boolean>> probe() {
    long now = System.nanoTime();
    Future<Map<String, Boolean>> current = last;
    if (current == null || (current.isComplete() && now - lastNanos > CACHED_NANOS)) {
      current = probeAll();
      last = current;
      lastNanos = now;
    }
    return current;
  }

  private Future<Map<String, Boolean>> probeAll() {
    var found = new LinkedHashMap<String, Future<Boolean>>();
    probes.forEach((part, probe) -> found.put(part, probe(part, probe)));
    return Future.join(List.copyOf(found.values()))
        .transform(
            _ -> {
              var parts = new LinkedHashMap<String, Boolean>();
              found.forEach((part, there) -> parts.put(part, there.succeeded()));
              return Future.succeededFuture(parts);
            });
  }

  private static Future<Boolean> probe(String part, Probe probe) {
    return VirtualThreads.call(
            () -> {
              probe.check();
              return true;
            })
        .timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .onFailure(away -> LOG.warn("{} is unavailable: {}", part, away.getMessage()));
  }
}
