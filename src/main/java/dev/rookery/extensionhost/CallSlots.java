package dev.rookery.extensionhost;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the calls of a version that have begun, up to a maximum, and knows when the last ended.
 */
final class CallSlots {
  // Added to the count when no more calls begin, which makes it negative.
  private static final int CLOSED = Integer.MIN_VALUE;

  /** Whether a call may begin. */
  enum Admission {
    ADMITTED,
    FULL,
    CLOSED
  }

  private final int max;
  private final AtomicInteger count = new AtomicInteger();
  private final CompletableFuture<Void> drained = new CompletableFuture<>();

  CallSlots(int max) {
    this.max = max;
  }

  /** Begins a call; {@link #leave} must follow if it is admitted. */
  Admission enter() {
    while (true) {
      int now = count.get();
      if (now < 0) {
        return Admission.CLOSED;
      }
      if (now >= max) {
        return Admission.FULL;
      }
      if (count.compareAndSet(now, now + 1)) {
        return Admission.ADMITTED;
      }
    }
  }

  void leave() {
    if (count.decrementAndGet() == CLOSED) {
      drained.complete(null);
    }
  }

  /** From now on no call begins. The result completes when those that began have ended. */
  CompletableFuture<Void> close() {
    int before = count.getAndUpdate(now -> now < 0 ? now : now + CLOSED);
    if (before == 0) {
      drained.complete(null);
    }
    return drained;
  }

  int inUse() {
    int now = count.get();
    return now < 0 ? now - CLOSED : now;
  }
}
