package dev.rookery.lease;

import org.jspecify.annotations.Nullable;

/**
 * A run of a sweep.
 *
 * @param id of a run that an admin asked for; 0 for the last run of the sweep
 * @param admin who asked for it; null for one that was due
 * @param askedMs when it was asked for, or when it began
 * @param endedMs 0 while it has not ended
 * @param node that ran it; empty while none has
 * @param problem the code or the type of a failure; empty for none
 */
public record SweepRun(
    long id,
    String sweep,
    @Nullable Long admin,
    long askedMs,
    long endedMs,
    long tookMs,
    long removed,
    String node,
    String problem) {
  /** The same, with the time of its end. */
  SweepRun endedAt(long ms) {
    return new SweepRun(id, sweep, admin, ms - tookMs, ms, tookMs, removed, node, problem);
  }

  /** Whether it is still to come, or runs. */
  public boolean isOpen() {
    return endedMs == 0;
  }
}
