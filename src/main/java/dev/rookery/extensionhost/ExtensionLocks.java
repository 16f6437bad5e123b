package dev.rookery.extensionhost;

import dev.rookery.base.Refused;
import dev.rookery.extension.LockDeadlockException;
import dev.rookery.extension.LockTimeoutException;
import dev.rookery.extension.LockedWork;
import dev.rookery.lease.Lease;
import dev.rookery.lease.Leases;
import dev.rookery.store.Database;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The locks of all extensions of this node: one among its threads for each namespace and id in use,
 * and, where there may be other nodes, a lease that the node holds meanwhile. Threads of one node
 * wait in a queue, so that only the first of them asks for the lease.
 */
public final class ExtensionLocks implements AutoCloseable {
  private final Map<String, Entry> entries = new ConcurrentHashMap<>();
  private final LockWaits waits = new LockWaits();
  private final Timer acquired;
  private final Timer timedOut;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile @Nullable LockLeases leases;
  private volatile @Nullable ClusterLockWaits clusterWaits;

  /** The names of the locks that each thread has. */
  private final ThreadLocal<Set<String>> held = ThreadLocal.withInitial(HashSet::new);

  /** A lock among the threads of this node, kept as long as threads use it. */
  private static final class Entry {
    final ReentrantLock threads = new ReentrantLock(true);
    final LockWaits.Resource resource = new LockWaits.Resource(1);
    // Of the thread that has the lock.
    @Nullable Lease lease;
    int users;
  }

  ExtensionLocks(MeterRegistry meters) {
    this.acquired = timer(meters, "acquired");
    this.timedOut = timer(meters, "timeout");
    Gauge.builder("rookery.extensions.locks.used", this, ExtensionLocks::inUse)
        .description("Locks that extensions of this node hold or wait for")
        .register(meters);
  }

  private static Timer timer(MeterRegistry meters, String outcome) {
    return Timer.builder("rookery.extensions.locks")
        .description("Waiting of extensions for locks, by outcome")
        .tag("outcome", outcome)
        .register(meters);
  }

  /**
   * Shares the locks with other nodes from now on.
   *
   * @param shared of this node
   * @param run the present run of this node
   */
  public void shareThrough(
      Leases shared, Database database, LongSupplier run, InstantSource clock) {
    var own = new LockLeases(shared, closed, this::runUnlessHeld);
    leases = own;
    clusterWaits = new ClusterLockWaits(database, run, clock);
    own.handleFailover();
  }

  /**
   * Runs work of the server that no other node runs at the same time; does not wait.
   *
   * @param name has a space, which names of extensions have not
   * @throws LockTimeoutException if other work of the name goes on
   * @throws Refused {@code Unavailable} if the database is
   */
  public <T, E extends Exception> T exclusively(String name, LockedWork<T, E> work) throws E {
    try (AcquiredLock _ = acquire(name, Duration.ZERO)) {
      return work.run();
    }
  }

  /**
   * Acquires a lock for the current thread, which may have it already.
   *
   * @throws LockTimeoutException if it is not free in time, or the thread is interrupted
   * @throws LockDeadlockException if its holder waits for the thread
   * @throws Refused {@code Unavailable} if the database is
   */
  AcquiredLock acquire(String lock, Duration waitMax) {
    String name = LockLeases.name(lock);
    Entry entry = use(name);
    boolean held = false;
    try {
      if (entry.threads.isHeldByCurrentThread()) {
        entry.threads.lock();
      } else {
        awaitFree(entry, name, waitMax);
      }
      held = true;
      return new AcquiredLock(name, entry);
    } finally {
      if (!held) {
        leave(name);
      }
    }
  }

  private void awaitFree(Entry entry, String name, Duration waitMax) {
    ClusterLockWaits shared = clusterWaits;
    if (shared == null) {
      awaitFree(entry, new LockAttempt(name, waitMax, null, timedOut));
    } else {
      try (var wait = shared.begin(held.get(), name, waitMax)) {
        awaitFree(entry, new LockAttempt(name, waitMax, wait, timedOut));
      } finally {
        forgetIfNone();
      }
    }
  }

  private void forgetIfNone() {
    if (held.get().isEmpty()) {
      held.remove();
    }
  }

  private void awaitFree(Entry entry, LockAttempt attempt) {
    awaitThreads(entry, attempt);
    LockLeases shared = leases;
    boolean free = false;
    try {
      entry.lease = shared == null ? null : shared.await(attempt);
      acquired.record(attempt.waitedNanos(), TimeUnit.NANOSECONDS);
      free = true;
    } finally {
      if (!free) {
        unlock(entry);
      }
    }
  }

  /** A lock that the current thread has, until it closes this. */
  final class AcquiredLock implements AutoCloseable {
    private final String name;
    private final Entry entry;

    private AcquiredLock(String name, Entry entry) {
      this.name = name;
      this.entry = entry;
      if (clusterWaits != null) {
        held.get().add(name);
      }
    }

    String name() {
      return LockLeases.lock(name);
    }

    /** Whether it is all that the thread has, and has once. */
    boolean isOnlyOne() {
      return entry.threads.getHoldCount() == 1 && waits.ownedByCurrentThread() == 1;
    }

    /** What other nodes see of it; null if there are none. */
    @Nullable Lease lease() {
      return entry.lease;
    }

    @Override
    public void close() {
      try {
        if (entry.threads.getHoldCount() == 1) {
          held.get().remove(name);
          forgetIfNone();
          release(entry);
        }
      } finally {
        unlock(entry);
        leave(name);
      }
    }
  }

  private void release(Entry entry) {
    Lease lease = entry.lease;
    LockLeases shared = leases;
    entry.lease = null;
    if (lease != null && shared != null) {
      shared.release(lease);
    }
  }

  private void unlock(Entry entry) {
    if (entry.threads.getHoldCount() == 1) {
      waits.released(entry.resource);
    }
    entry.threads.unlock();
  }

  /** What threads of this node wait for. */
  LockWaits waits() {
    return waits;
  }

  private Entry use(String name) {
    return entries.compute(
        name,
        (_, present) -> {
          Entry entry = present == null ? new Entry() : present;
          entry.users++;
          return entry;
        });
  }

  private void leave(String name) {
    entries.computeIfPresent(name, (_, entry) -> --entry.users == 0 ? null : entry);
  }

  private void awaitThreads(Entry entry, LockAttempt attempt) {
    // A thread that only looks does not wait: it must not be the reason why others see a deadlock.
    boolean waiting = !attempt.waitMax().isZero();
    if (waiting && !waits.await(entry.resource)) {
      throw attempt.deadlock();
    }
    boolean locked = false;
    try {
      locked = tryLock(entry, attempt);
    } catch (InterruptedException _) {
      throw attempt.interrupted();
    } finally {
      if (locked) {
        waits.acquired(entry.resource);
      } else if (waiting) {
        waits.gaveUp();
      }
    }
    if (!locked) {
      throw attempt.timeout();
    }
  }

  /** Waits in the queue of the lock, at whose end it begins again each time it looks around. */
  private boolean tryLock(Entry entry, LockAttempt attempt) throws InterruptedException {
    long left = attempt.waitMax().toNanos();
    if (clusterWaits == null || held.get().isEmpty()) {
      return entry.threads.tryLock(left, TimeUnit.NANOSECONDS);
    }
    while (left > 0) {
      long step = Math.min(left, ClusterLockWaits.QUIET.toNanos());
      if (entry.threads.tryLock(step, TimeUnit.NANOSECONDS)) {
        return true;
      }
      if (attempt.isDeadlock()) {
        throw attempt.deadlock();
      }
      left = attempt.leftNanos();
    }
    return entry.threads.tryLock(0, TimeUnit.NANOSECONDS);
  }

  /** Runs work while no thread can get the lock; false if one has it, and then it is not run. */
  private boolean runUnlessHeld(String name, Runnable work) {
    Entry entry = use(name);
    try {
      if (!entry.threads.tryLock()) {
        return false;
      }
      try {
        work.run();
        return true;
      } finally {
        entry.threads.unlock();
      }
    } finally {
      leave(name);
    }
  }

  /** The node ends: nothing waits for a lock any more. */
  @Override
  public void close() {
    closed.countDown();
  }

  /** Namespaces and ids that are locked or waited for on this node. */
  int inUse() {
    return entries.size();
  }
}
