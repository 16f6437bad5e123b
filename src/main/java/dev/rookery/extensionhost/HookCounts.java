package dev.rookery.extensionhost;

import dev.rookery.extensionhost.ExtensionCommand.HookFigures;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Counts how often the hooks of one version were run before changes, and how it ended. */
final class HookCounts {
  private final Map<HookPoint, Count> counts = new EnumMap<>(HookPoint.class);

  HookCounts() {
    for (HookPoint point : HookPoint.values()) {
      counts.put(point, new Count());
    }
  }

  private static final class Count {
    private final LongAdder calls = new LongAdder();
    private final LongAdder refusals = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder nanos = new LongAdder();
  }

  void add(HookPoint point, CallOutcome outcome, long nanos) {
    Count count = count(point);
    count.calls.increment();
    count.nanos.add(nanos);
    switch (outcome) {
      case CallOutcome.Returned _ -> {}
      case CallOutcome.Rejected _ -> count.refusals.increment();
      case CallOutcome.Failed _ -> count.failures.increment();
    }
  }

  private Count count(HookPoint point) {
    Count count = counts.get(point);
    if (count == null) {
      throw new IllegalStateException("no counts for " + point);
    }
    return count;
  }

  HookFigures figures(HookPoint point, int hooks) {
    Count count = count(point);
    return new HookFigures(
        point.name(),
        true,
        hooks,
        count.calls.sum(),
        count.refusals.sum(),
        count.failures.sum(),
        TimeUnit.NANOSECONDS.toMillis(count.nanos.sum()));
  }
}
