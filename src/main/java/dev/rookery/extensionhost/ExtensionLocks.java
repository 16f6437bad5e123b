package dev.rookery.extensionhost;

import dev.rookery.base.Refused;
import dev.rookery.extension.LockDeadlockException;
import dev.rookery.extension.LockTimeoutException;
import dev.rookery.extension.LockedWork;
import dev.rookery.lease.FailoverHandler;
import dev.rookery.lease.Lease;
import dev.rookery.lease.Leases;
import dev.rookery.store.Database;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The locks of all extensions of this node: one among its threads for each namespace and id in use,
 * and, where there may be other nodes, a lease that the node holds meanwhile.
 *
 * <p>A node that waits for another one asks again and again, because a lease that becomes free is
 * announced to nobody; threads of one node wait in a queue, so that only the first of them asks.
 */
public final class ExtensionLocks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ExtensionLocks.class);
  private static final String KIND = "extension_lock";
  private static final long POLL_MS_MIN = 2;
  private static final long POLL_MS_MAX = 50;

  private final Map<String, Entry> entries = new ConcurrentHashMap<>();
  private final LockWaits waits = new LockWaits();
  private final Timer acquired;
  private final Timer timedOut;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final UnreleasedLocks unreleased = new UnreleasedLocks(closed, this::releaseUnlessUsed);
  private volatile @Nullable Leases leases;
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
    leases = shared;
    clusterWaits = new ClusterLockWaits(database, run, clock);
    shared.registerHandler(KIND, new Orphans(), Thread::startVirtualThread);
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
    String name = KIND + "/" + lock;
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
    long started = System.nanoTime();
    ClusterLockWaits shared = clusterWaits;
    if (shared == null) {
      awaitFree(entry, name, waitMax, started, null);
    } else {
      try (var wait = shared.begin(held.get(), name, waitMax)) {
        awaitFree(entry, name, waitMax, started, wait);
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

  private void awaitFree(
      Entry entry,
      String name,
      Duration waitMax,
      long started,
      ClusterLockWaits.@Nullable Wait wait) {
    awaitThreads(entry, name, waitMax, started, wait);
    boolean free = false;
    try {
      entry.lease = awaitNodes(name, waitMax, started, wait);
      acquired.record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
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
      return shown(name);
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
          Lease lease = entry.lease;
          entry.lease = null;
          release(lease);
        }
      } finally {
        unlock(entry);
        leave(name);
      }
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

  private void awaitThreads(
      Entry entry,
      String name,
      Duration waitMax,
      long started,
      ClusterLockWaits.@Nullable Wait wait) {
    // A thread that only looks does not wait: it must not be the reason why others see a deadlock.
    boolean waiting = !waitMax.isZero();
    if (waiting && !waits.await(entry.resource)) {
      throw deadlock(name, started);
    }
    boolean locked = false;
    try {
      locked = tryLock(entry, name, waitMax, started, wait);
    } catch (InterruptedException _) {
      throw interrupted(name);
    } finally {
      if (locked) {
        waits.acquired(entry.resource);
      } else if (waiting) {
        waits.gaveUp();
      }
    }
    if (!locked) {
      throw timeout(name, waitMax, started);
    }
  }

  /** Waits in the queue of the lock, at whose end it begins again each time it looks around. */
  private boolean tryLock(
      Entry entry,
      String name,
      Duration waitMax,
      long started,
      ClusterLockWaits.@Nullable Wait wait)
      throws InterruptedException {
    if (wait == null || held.get().isEmpty()) {
      return entry.threads.tryLock(waitMax.toNanos(), TimeUnit.NANOSECONDS);
    }
    long left = waitMax.toNanos();
    while (left > 0) {
      long step = Math.min(left, ClusterLockWaits.QUIET.toNanos());
      if (entry.threads.tryLock(step, TimeUnit.NANOSECONDS)) {
        return true;
      }
      if (wait.isDeadlock()) {
        throw deadlock(name, started);
      }
      left = waitMax.toNanos() - (System.nanoTime() - started);
    }
    return entry.threads.tryLock(0, TimeUnit.NANOSECONDS);
  }

  private LockDeadlockException deadlock(String name, long started) {
    timedOut.record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
    return new LockDeadlockException(
        "the lock "
            + shown(name)
            + " cannot become free: its holder waits for this thread; acquire nested locks in one"
            + " order");
  }

  private LockTimeoutException timeout(String name, Duration waitMax, long started) {
    timedOut.record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
    return new LockTimeoutException(
        "the lock " + shown(name) + " was not free within " + waitMax.toMillis() + " ms");
  }

  private static LockTimeoutException interrupted(String name) {
    Thread.currentThread().interrupt();
    return new LockTimeoutException(
        "the thread was interrupted while it waited for the lock " + shown(name));
  }

  private static String shown(String name) {
    return name.substring(KIND.length() + 1);
  }

  private @Nullable Lease awaitNodes(
      String name, Duration waitMax, long started, ClusterLockWaits.@Nullable Wait wait) {
    Leases shared = leases;
    if (shared == null) {
      return null;
    }
    long poll = POLL_MS_MIN;
    while (true) {
      Optional<Lease> lease = acquire(shared, name);
      if (lease.isPresent()) {
        return lease.get();
      }
      if (System.nanoTime() - started >= waitMax.toNanos()) {
        throw timeout(name, waitMax, started);
      }
      if (wait != null && wait.isDeadlock()) {
        throw deadlock(name, started);
      }
      try {
        if (isClosedWithin(ThreadLocalRandom.current().nextLong(poll / 2, poll + 1))) {
          throw timeout(name, waitMax, started);
        }
      } catch (InterruptedException _) {
        throw interrupted(name);
      }
      poll = Math.min(2 * poll, POLL_MS_MAX);
    }
  }

  /** Waits before the next look, unless the node ends meanwhile. */
  private boolean isClosedWithin(long millis) throws InterruptedException {
    return closed.await(millis, TimeUnit.MILLISECONDS);
  }

  private Optional<Lease> acquire(Leases shared, String name) {
    try {
      return shared.acquire(name);
    } catch (Exception failure) {
      // The lease may have been stored, or will be.
      releaseLater(name);
      if (failure instanceof InterruptedException || Thread.currentThread().isInterrupted()) {
        throw interrupted(name);
      }
      if (failure instanceof Refused refused) {
        throw refused;
      }
      throw new IllegalStateException("the lock " + shown(name) + " cannot be acquired", failure);
    }
  }

  /** The thread may be interrupted, which must not keep the lock from other nodes. */
  private void release(@Nullable Lease lease) {
    Leases shared = leases;
    if (lease == null || shared == null) {
      return;
    }
    boolean interrupted = Thread.interrupted();
    try {
      shared.delete(lease);
    } catch (Exception failure) {
      interrupted |= failure instanceof InterruptedException;
      LOG.warn(
          "the lock {} cannot be released, trying again: {}",
          shown(lease.name()),
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
      LOG.error("the lock {} stays with this node until it ends", shown(name));
    }
  }

  /** Deletes the lease of a lock that no thread has; false if one has it. */
  private boolean releaseUnlessUsed(String name) {
    Leases shared = leases;
    if (shared == null) {
      return true;
    }
    Entry entry = use(name);
    try {
      if (!entry.threads.tryLock()) {
        return false;
      }
      try {
        shared.acquire(name).ifPresent(shared::delete);
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

  /** Deletes the locks of nodes that have died; lost ones cannot be taken from their work. */
  private final class Orphans implements FailoverHandler {
    @Override
    public void onOrphaned(String name) {
      // A thread that holds or awaits it acquires and releases it anyway.
      releaseUnlessUsed(name);
    }

    @Override
    public void onLost(Lease lease) {
      LOG.warn(
          "this node was declared dead and lost the lock {}, whose work goes on",
          shown(lease.name()));
    }
  }
}
