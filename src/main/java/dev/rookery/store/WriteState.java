package dev.rookery.store;

import java.util.concurrent.TimeUnit;

/**
 * Whether the database takes writes, as the last ones found it. A database may answer reads and
 * refuse writes: a standby after a failover, a full disk, a file system that is read-only.
 *
 * <p>After a refused write a probe must succeed, and none may have been refused for some seconds:
 * on a disk that is nearly full, small writes succeed between others that fail.
 */
final class WriteState {
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(3);
  private static final long STALE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private long refusedNanos;
  private long committedNanos = System.nanoTime();
  private boolean refused;

  /**
   * Records that the database refused a write.
   *
   * @return whether it took writes before
   */
  synchronized boolean recordRefused() {
    boolean changed = !refused;
    refusedNanos = System.nanoTime();
    refused = true;
    return changed;
  }

  /** Records a commit. It may have written nothing, so it does not end a refusal. */
  synchronized void recordCommitted() {
    committedNanos = System.nanoTime();
  }

  /**
   * Records the commit of a probe, which has written.
   *
   * @return whether the database takes writes again
   */
  synchronized boolean recordProbed() {
    committedNanos = System.nanoTime();
    boolean ended = refused && committedNanos - refusedNanos > QUIET_NANOS;
    refused &= !ended;
    return ended;
  }

  /** Whether writes are refused, as far as is known. */
  synchronized boolean isRefused() {
    return refused;
  }

  /** Whether only another write would tell: one was refused, or there was none for some time. */
  synchronized boolean isUncertain() {
    return refused || System.nanoTime() - committedNanos > STALE_NANOS;
  }
}
