package dev.rookery.consumer;

import dev.rookery.consumer.ConsumerStore.Head;

/**
 * Up to which id the events of one shard are complete.
 *
 * <p>On PostgreSQL transactions take ids for their events before they commit, so an event can
 * become visible after one with a larger id. A reader that just remembered the largest id would
 * miss it. When an event is seen, every transaction that holds a smaller id has already started. So
 * once all transactions have ended that had started by then, no smaller id can appear. Usually that
 * takes as long as the longest of them, a few milliseconds.
 */
final class SafeHorizon {
  private long safe;
  private long candidate;
  private long candidateTransaction;

  /** Ids up to this one are complete before anything was observed. */
  SafeHorizon(long safe) {
    this.safe = safe;
    this.candidate = safe;
  }

  /** Takes note of an observation, and answers up to which id all events are visible now. */
  long advance(Head head) {
    if (head.nextTransaction() == head.oldestTransaction()) {
      // Nothing was under way.
      candidate = head.id();
      safe = Math.max(safe, head.id());
      return safe;
    }
    if (candidate > safe && head.oldestTransaction() >= candidateTransaction) {
      safe = candidate;
    }
    if (candidate <= safe && head.id() > safe) {
      candidate = head.id();
      candidateTransaction = head.nextTransaction();
    }
    return safe;
  }
}
