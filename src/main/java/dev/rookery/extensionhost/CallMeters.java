package dev.rookery.extensionhost;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Counts the calls of each extension by outcome. */
final class CallMeters {
  private final MeterRegistry meters;
  private final Map<String, Map<Outcome, Timer>> timers = new ConcurrentHashMap<>();

  private enum Outcome {
    DONE("done"),
    REFUSED("refused"),
    FAILED("failed"),
    TIMEOUT("timeout"),
    BUSY("busy");

    private final String tag;

    Outcome(String tag) {
      this.tag = tag;
    }
  }

  CallMeters(MeterRegistry meters) {
    this.meters = meters;
  }

  void count(String extension, CallOutcome outcome, long nanos) {
    Objects.requireNonNull(timers.computeIfAbsent(extension, this::create).get(kind(outcome)))
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  private static Outcome kind(CallOutcome outcome) {
    return switch (outcome) {
      case CallOutcome.Returned _ -> Outcome.DONE;
      case CallOutcome.Rejected _ -> Outcome.REFUSED;
      case CallOutcome.Failed(var failure) ->
          switch (failure) {
            case EXCEPTION, UNENCODABLE -> Outcome.FAILED;
            case TIMEOUT -> Outcome.TIMEOUT;
            case BUSY -> Outcome.BUSY;
            case EXTENSION_NOT_FOUND, MISSING_HOOKS_MODULE, NOT_IMPLEMENTED -> Outcome.REFUSED;
          };
    };
  }

  private Map<Outcome, Timer> create(String extension) {
    var created = new EnumMap<Outcome, Timer>(Outcome.class);
    for (Outcome outcome : Outcome.values()) {
      created.put(
          outcome,
          Timer.builder("rookery.extensions.calls")
              .description("Calls of functions of extensions, by extension and outcome")
              .tag("extension", extension)
              .tag("outcome", outcome.tag)
              .register(meters));
    }
    return created;
  }

  /** Removes the metrics of an extension that is gone. */
  void remove(String extension) {
    Map<Outcome, Timer> removed = timers.remove(extension);
    if (removed != null) {
      removed.values().forEach(meters::remove);
    }
  }
}
