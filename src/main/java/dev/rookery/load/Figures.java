package dev.rookery.load;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** What was measured. Confined to the one event loop that calls. */
final class Figures {
  private final Histogram times = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
  private boolean measuring;
  private long startNanos;
  private long rounds;
  private long errors;
  private @Nullable String firstError;

  void start() {
    times.reset();
    rounds = 0;
    errors = 0;
    firstError = null;
    startNanos = System.nanoTime();
    measuring = true;
  }

  void answered(long nanos) {
    if (measuring) {
      times.recordValue(Math.min(nanos, TimeUnit.MINUTES.toNanos(1)));
    }
  }

  void finishedRound() {
    rounds++;
  }

  void failed(Throwable cause) {
    errors++;
    if (firstError == null) {
      firstError = cause.toString();
    }
  }

  long errors() {
    return errors;
  }

  String progress() {
    return String.format(
        Locale.ROOT, "%,d requests, %,d rounds, %,d errors", times.getTotalCount(), rounds, errors);
  }

  String table(String name) {
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    return String.format(
            Locale.ROOT,
            """
            %-16s %12s %12s %9s %9s %9s %8s
            %-16s %,12.0f %,12.0f %9.2f %9.2f %9.2f %,8d
            """,
            "scenario",
            "rounds/s",
            "requests/s",
            "p50 ms",
            "p99 ms",
            "p99.9 ms",
            "errors",
            name,
            rounds / seconds,
            times.getTotalCount() / seconds,
            times.getValueAtPercentile(50) / 1e6,
            times.getValueAtPercentile(99) / 1e6,
            times.getValueAtPercentile(99.9) / 1e6,
            errors)
        + (firstError == null ? "" : "first error: " + firstError + "\n");
  }
}
