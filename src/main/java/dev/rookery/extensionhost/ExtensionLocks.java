package dev.rookery.extensionhost;

import dev.rookery.base.Refused;
import dev.rookery.extension.LockTimeoutException;
import dev.rookery.extension.LockedWork;
import dev.rookery.extension.Locks;
import dev.rookery.lease.FailoverHandler;
import dev.rookery.lease.Lease;
import dev.rookery.lease.Leases;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
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
public final class ExtensionLocks implements Locks {
  private static final Logger LOG = LoggerFactory.getLogger(ExtensionLocks.class);
  private static final String KIND = "extension_lock";
  private static final Pattern NAMESPACE = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Duration WAIT_DEFAULT = Duration.ofSeconds(10);
  private static final Duration WAIT_MAX = Duration.ofMinutes(1);
  private static final long POLL_MS_MIN = 2;
  private static final long POLL_MS_MAX = 50;
  private static final long RELEASE_AGAIN_MS = 1_000;
  private static final int RELEASES_MAX = 600;

  private final Map<String, Entry> entries = new ConcurrentHashMap<>();
  private final Timer acquired;
  private final Timer timedOut;
  private volatile @Nullable Leases leases;

  /** A lock among the threads of this node, kept as long as threads use it. */
  private static final class Entry {
    final ReentrantLock threads = new ReentrantLock(true);
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
   */
  public void shareThrough(Leases shared) {
    leases = shared;
    shared.registerHandler(KIND, new Orphans(shared), Thread::startVirtualThread);
  }

  @Override
  public <T extends @Nullable Object, E extends Exception> T serialize(
      String namespace, long id, LockedWork<T, E> work) throws E {
    return serialize(namespace, id, WAIT_DEFAULT, work);
  }

  @Override
  public <T extends @Nullable Object, E extends Exception> T serialize(
      String namespace, long id, Duration waitMax, LockedWork<T, E> work) throws E {
    if (!NAMESPACE.matcher(namespace).matches()) {
      throw new IllegalArgumentException("not a namespace of locks: " + namespace);
    }
    if (waitMax.isNegative() || waitMax.compareTo(WAIT_MAX) > 0) {
      throw new IllegalArgumentException("a lock can be waited for up to a minute: " + waitMax);
    }
    String name = KIND + "/" + namespace + "/" + id;
    Entry entry = use(name);
    try {
      if (entry.threads.isHeldByCurrentThread()) {
        return work.run();
      }
      long started = System.nanoTime();
      awaitThreads(entry, name, waitMax, started);
      try {
        Lease lease = awaitNodes(name, waitMax, started);
        acquired.record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
        try {
          return work.run();
        } finally {
          release(lease);
        }
      } finally {
        entry.threads.unlock();
      }
    } finally {
      leave(name);
    }
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

  private void awaitThreads(Entry entry, String name, Duration waitMax, long started) {
    try {
      if (entry.threads.tryLock(waitMax.toNanos(), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException _) {
      throw interrupted(name);
    }
    throw timeout(name, waitMax, started);
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

  private @Nullable Lease awaitNodes(String name, Duration waitMax, long started) {
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
      try {
        pause(ThreadLocalRandom.current().nextLong(poll / 2, poll + 1));
      } catch (InterruptedException _) {
        throw interrupted(name);
      }
      poll = Math.min(2 * poll, POLL_MS_MAX);
    }
  }

  /** Waits for a time in which nothing is announced. */
  private static void pause(long millis) throws InterruptedException {
    if (new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("nobody counts it down");
    }
  }

  private static Optional<Lease> acquire(Leases shared, String name) {
    try {
      return shared.acquire(name);
    } catch (Refused unavailable) {
      throw new IllegalStateException(
          "the lock " + shown(name) + " cannot be acquired: " + unavailable.refusal().code(),
          unavailable);
    }
  }

  private void release(@Nullable Lease lease) {
    Leases shared = leases;
    if (lease == null || shared == null) {
      return;
    }
    try {
      shared.delete(lease);
    } catch (Refused unavailable) {
      LOG.warn(
          "the lock {} cannot be released, trying again: {}",
          shown(lease.name()),
          unavailable.refusal().code());
      Thread.ofVirtual()
          .name("release of " + lease.name())
          .start(() -> releaseLater(shared, lease));
    }
  }

  /** Until it is released other nodes cannot acquire it, and this node can. */
  private void releaseLater(Leases shared, Lease lease) {
    for (int i = 0; i < RELEASES_MAX; i++) {
      try {
        pause(RELEASE_AGAIN_MS);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return;
      }
      if (releaseNow(shared, lease)) {
        return;
      }
    }
    LOG.error("the lock {} stays with this node until it ends", shown(lease.name()));
  }

  private boolean releaseNow(Leases shared, Lease lease) {
    Entry entry = use(lease.name());
    entry.threads.lock();
    try {
      shared.delete(lease);
      return true;
    } catch (Refused _) {
      return false;
    } finally {
      entry.threads.unlock();
      leave(lease.name());
    }
  }

  /** Namespaces and ids that are locked or waited for on this node. */
  int inUse() {
    return entries.size();
  }

  /** Deletes the locks of nodes that have died; lost ones cannot be taken from their work. */
  private final class Orphans implements FailoverHandler {
    private final Leases shared;

    Orphans(Leases shared) {
      this.shared = shared;
    }

    @Override
    public void onOrphaned(String name) {
      Entry entry = use(name);
      try {
        // A thread that holds or awaits it acquires and releases it anyway.
        if (entry.threads.tryLock()) {
          try {
            shared.acquire(name).ifPresent(shared::delete);
          } finally {
            entry.threads.unlock();
          }
        }
      } finally {
        leave(name);
      }
    }

    @Override
    public void onLost(Lease lease) {
      LOG.warn(
          "this node was declared dead and lost the lock {}, whose work goes on",
          shown(lease.name()));
    }
  }
}
