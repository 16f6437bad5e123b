package dev.rookery.game.script;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Measures scripts of games on this node. */
final class ScriptMeters {
  private final Timer calls;
  private final Counter failed;
  private final Counter limited;
  private final Map<ScriptThread, Integer> contexts = new ConcurrentHashMap<>();

  ScriptMeters(MeterRegistry meters) {
    this.calls =
        Timer.builder("rookery.scripts.calls")
            .description("Calls of scripts of games, without the time that they waited")
            .register(meters);
    this.failed =
        Counter.builder("rookery.scripts.failed")
            .description("Calls in which the script of a game failed")
            .register(meters);
    this.limited =
        Counter.builder("rookery.scripts.limited")
            .description("Calls that were ended because the script used more than it may")
            .register(meters);
    Gauge.builder(
            "rookery.scripts.contexts",
            contexts,
            all -> all.values().stream().mapToInt(Integer::intValue).sum())
        .description("Contexts of scripts of games in the memory of this node")
        .register(meters);
  }

  void ran(long nanos) {
    calls.record(nanos, TimeUnit.NANOSECONDS);
  }

  void failed() {
    failed.increment();
  }

  void limited() {
    limited.increment();
  }

  void contexts(ScriptThread thread, int count) {
    contexts.put(thread, count);
  }
}
