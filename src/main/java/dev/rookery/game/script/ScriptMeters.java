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
  private final Counter restored;
  private final Map<ScriptThread, Usage> usages = new ConcurrentHashMap<>();

  /** Whether scripts are compiled; 0 until the first one is loaded. */
  private volatile int compiled;

  /** What a thread has in memory. */
  private record Usage(int contexts, long sessionBytes) {}

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
    this.restored =
        Counter.builder("rookery.scripts.restored")
            .description("Matches that the context of a script did not hold any more when used")
            .register(meters);
    Gauge.builder(
            "rookery.scripts.session.bytes",
            usages,
            all -> all.values().stream().mapToLong(Usage::sessionBytes).sum())
        .description("Estimated memory of the matches that scripts of games hold on this node")
        .baseUnit("bytes")
        .register(meters);
    Gauge.builder(
            "rookery.scripts.contexts",
            usages,
            all -> all.values().stream().mapToInt(Usage::contexts).sum())
        .description("Contexts of scripts of games in the memory of this node")
        .register(meters);
    Gauge.builder("rookery.scripts.compiled", this, mine -> mine.compiled)
        .description("Whether this node compiles scripts of games, not interprets them")
        .register(meters);
  }

  void compiled(boolean value) {
    compiled = value ? 1 : 0;
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

  void restored() {
    restored.increment();
  }

  void holds(ScriptThread thread, int contexts, long sessionBytes) {
    usages.put(thread, new Usage(contexts, sessionBytes));
  }
}
