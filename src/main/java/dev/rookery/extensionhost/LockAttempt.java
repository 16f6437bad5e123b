package dev.rookery.extensionhost;

import dev.rookery.extension.LockDeadlockException;
import dev.rookery.extension.LockTimeoutException;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An attempt of the current thread to acquire a lock: how long it may wait, and how it fails. */
final class LockAttempt {
  private final String name;
  private final Duration waitMax;
  private final ClusterLockWaits.@Nullable Wait wait;
  private final Timer failed;
  private final long started = System.nanoTime();

  /**
   * @param name of the lease
   * @param wait finds deadlocks with other nodes; null if there are none
   * @param failed measures waits in vain
   */
  LockAttempt(String name, Duration waitMax, ClusterLockWaits.@Nullable Wait wait, Timer failed) {
    this.name = name;
    this.waitMax = waitMax;
    this.wait = wait;
    this.failed = failed;
  }

  /** The name of the lease. */
  String name() {
    return name;
  }

  Duration waitMax() {
    return waitMax;
  }

  long waitedNanos() {
    return System.nanoTime() - started;
  }

  /** How long it may wait still; not positive if it may not. */
  long leftNanos() {
    return waitMax.toNanos() - waitedNanos();
  }

  /** Whether it is to give up, because the holder on another node waits for the thread. */
  boolean isDeadlock() {
    return wait != null && wait.isDeadlock();
  }

  LockDeadlockException deadlock() {
    failed.record(waitedNanos(), TimeUnit.NANOSECONDS);
    return new LockDeadlockException(
        "the lock "
            + LockLeases.lock(name)
            + " cannot become free: its holder waits for this thread; acquire nested locks in one"
            + " order");
  }

  LockTimeoutException timeout() {
    failed.record(waitedNanos(), TimeUnit.NANOSECONDS);
    return new LockTimeoutException(
        "the lock " + LockLeases.lock(name) + " was not free within " + waitMax.toMillis() + " ms");
  }

  /** Leaves the thread interrupted. */
  LockTimeoutException interrupted() {
    Thread.currentThread().interrupt();
    return new LockTimeoutException(
        "the thread was interrupted while it waited for the lock " + LockLeases.lock(name));
  }
}
