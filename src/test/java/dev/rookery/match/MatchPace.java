package dev.rookery.match;

import dev.rookery.testkit.Eventually;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Holds matches at a revision, so that a fault happens in the middle of all of them. */
final class MatchPace {
  private final Map<String, Long> revisions = new ConcurrentHashMap<>();
  private final Map<String, Long> nextAfterFault = new ConcurrentHashMap<>();
  private long limit;
  private volatile long faultNanos;

  /** Lets matches go on until they have that many actions. */
  synchronized void allow(long actions) {
    limit = actions;
    notifyAll();
  }

  synchronized void await(long revision) throws InterruptedException {
    while (revision >= limit) {
      wait();
    }
  }

  void reached(String room, long revision) {
    revisions.put(room, revision);
    long fault = faultNanos;
    if (fault != 0) {
      nextAfterFault.putIfAbsent(room, System.nanoTime() - fault);
    }
  }

  /** Waits until so many actions were seen in all matches together. */
  void awaitTotal(long actions) {
    Eventually.holds(() -> revisions.values().stream().mapToLong(Long::longValue).sum() >= actions);
  }

  /** The time until the next action of each room begins now. */
  void recordFault() {
    faultNanos = System.nanoTime();
  }

  /** The longest time that a room waited for its next action, of those that had one. */
  long waitedMillisMax() {
    return nextAfterFault.values().stream().mapToLong(Long::longValue).max().orElse(0) / 1_000_000;
  }
}
