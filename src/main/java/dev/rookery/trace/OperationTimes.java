package dev.rookery.trace;

import java.util.Arrays;

/** How long the sampled requests of one operation took. Confined to the lock of its ring. */
final class OperationTimes {
  static final int LATEST = 256;

  private final int[] micros = new int[LATEST];
  private long count;
  private long failed;

  void add(Trace trace) {
    micros[(int) (count % LATEST)] = (int) Math.min(Integer.MAX_VALUE, trace.micros());
    count++;
    if (trace.isFailed()) {
      failed++;
    }
  }

  OperationSummary summary(String operation, int kept) {
    int[] sorted = Arrays.copyOf(micros, (int) Math.min(LATEST, count));
    Arrays.sort(sorted);
    return new OperationSummary(
        operation, count, failed, percentile(sorted, 50), percentile(sorted, 99), kept);
  }

  private static long percentile(int[] sorted, int percent) {
    return sorted.length == 0 ? 0 : sorted[(int) ((sorted.length - 1L) * percent / 100)];
  }
}
