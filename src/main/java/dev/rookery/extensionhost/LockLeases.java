package dev.rookery.extensionhost;

import dev.rookery.base.Refused;
import dev.rookery.extension.LockDeadlockException;
import dev.rookery.extension.LockTimeoutException;
import dev.rookery.lease.FailoverHandler;
import dev.rookery.lease.Lease;
import dev.rookery.lease.Leases;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leases of locks, by which one node has a lock and others wait. A node that waits asks again
 * and again, because a lease that becomes free is announced to nobody. One that cannot be released
 * is released later. Any thread may call that has the lock among the threads of this node.
 */
final class LockLeases {
  private static final Logger LOG = LoggerFactory.getLogger(LockLeases.class);
  private static final String KIND = "extension_lock";
  private static final long POLL_MS_MIN = 2;
  private static final long POLL_MS_MAX = 50;

  private final Leases leases;
  private final CountDownLatch closed;
  private final BiPredicate<String, Runnable> runUnlessHeld;
  private final UnreleasedLocks unreleased;

  /**
   * @param closed ends all waits
   * @param runUnlessHeld runs work about a lease while no thread of this node can get its lock;
   *     false if one has it, and then it is not run
   */
  LockLeases(Leases leases, CountDownLatch closed, BiPredicate<String, Runnable> runUnlessHeld) {
    this.leases = leases;
    this.closed = closed;
    this.runUnlessHeld = runUnlessHeld;
    this.unreleased = new UnreleasedLocks(closed, this::releaseUnlessHeld);
  }

  /** The name of the lease of a lock. */
  static String name(String lock) {
    return KIND + "/" + lock;
  }

  /** The lock of a lease. */
  static String lock(String name) {
    return name.substring(KIND.length() + 1);
  }

  /** Deletes from now on the leases of nodes that have died. */
  void handleFailover() {
    leases.registerHandler(KIND, new Orphans(), Thread::startVirtualThread);
  }

  /**
   * Acquires the lease of a lock that the current thread has on this node.
   *
   * @throws LockTimeoutException if it is not free in time, or the node ends
   * @throws LockDeadlockException if its holder waits for the thread
   * @throws Refused {@code Unavailable} if the database is
   */
  Lease await(LockAttempt attempt) {
    long poll = POLL_MS_MIN;
    while (true) {
      Optional<Lease> lease = acquire(attempt);
      if (lease.isPresent()) {
        return lease.get();
      }
      if (attempt.leftNanos() <= 0) {
        throw attempt.timeout();
      }
      if (attempt.isDeadlock()) {
        throw attempt.deadlock();
      }
      try {
        if (isClosedWithin(ThreadLocalRandom.current().nextLong(poll / 2, poll + 1))) {
          throw attempt.timeout();
        }
      } catch (InterruptedException _) {
        throw attempt.interrupted();
      }
      poll = Math.min(2 * poll, POLL_MS_MAX);
    }
  }

  /** Waits before the next look, unless the node ends meanwhile. */
  private boolean isClosedWithin(long millis) throws InterruptedException {
    return closed.await(millis, TimeUnit.MILLISECONDS);
  }

  private Optional<Lease> acquire(LockAttempt attempt) {
    try {
      return leases.acquire(attempt.name());
    } catch (Exception failure) {
      // The lease may have been stored, or will be.
      releaseLater(attempt.name());
      if (failure instanceof InterruptedException || Thread.currentThread().isInterrupted()) {
        throw attempt.interrupted();
      }
      if (failure instanceof Refused refused) {
        throw refused;
      }
      throw new IllegalStateException(
          "the lock " + lock(attempt.name()) + " cannot be acquired", failure);
    }
  }

  /** The thread may be interrupted, which must not keep the lock from other nodes. */
  void release(Lease lease) {
    boolean interrupted = Thread.interrupted();
    try {
      leases.delete(lease);
    } catch (Exception failure) {
      interrupted |= failure instanceof InterruptedException;
      LOG.warn(
          "the lock {} cannot be released, trying again: {}",
          lock(lease.name()),
          failure.toString());
      releaseLater(lease.name());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void releaseLater(String name) {
    if (!unreleased.add(name)) {
      LOG.error("the lock {} stays with this node until it ends", lock(name));
    }
  }

  /** Deletes the lease of a lock that no thread has; false if one has it. */
  private boolean releaseUnlessHeld(String name) {
    return runUnlessHeld.test(name, () -> leases.acquire(name).ifPresent(leases::delete));
  }

  /** Deletes the locks of nodes that have died; lost ones cannot be taken from their work. */
  private final class Orphans implements FailoverHandler {
    @Override
    public void onOrphaned(String name) {
      // A thread that holds or awaits it acquires and releases it anyway.
      var _ = releaseUnlessHeld(name);
    }

    @Override
    public void onLost(Lease lease) {
      LOG.warn(
          "this node was declared dead and lost the lock {}, whose work goes on",
          lock(lease.name()));
    }
  }
}
