package dev.rookery.extensionhost;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Releases locks that may have a lease in the database, although no thread has them: tries each
 * second until it succeeds. Until then other nodes cannot acquire them, and this node can.
 * Thread-safe; at most {@value #NAMES_MAX} locks.
 */
final class UnreleasedLocks {
  private static final Logger LOG = LoggerFactory.getLogger(UnreleasedLocks.class);
  private static final long RELEASE_AGAIN_MS = 1_000;
  private static final int NAMES_MAX = 10_000;

  private final CountDownLatch closed;
  private final Predicate<String> release;
  private final Set<String> names = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean releasing = new AtomicBoolean();

  /**
   * @param closed ends the attempts
   * @param release releases a lock by its name; false if it is used
   */
  UnreleasedLocks(CountDownLatch closed, Predicate<String> release) {
    this.closed = closed;
    this.release = release;
  }

  /** Adds a lock; false if there are too many, and it stays with this node until that ends. */
  boolean add(String name) {
    if (names.size() >= NAMES_MAX) {
      return false;
    }
    names.add(name);
    startReleasing();
    return true;
  }

  private void startReleasing() {
    if (releasing.compareAndSet(false, true)) {
      Thread.ofVirtual().name("release of extension locks").start(this::releaseUntilNoneIsLeft);
    }
  }

  private void releaseUntilNoneIsLeft() {
    try {
      while (!names.isEmpty()) {
        if (closed.await(RELEASE_AGAIN_MS, TimeUnit.MILLISECONDS)) {
          return;
        }
        releaseAll();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return;
    } finally {
      releasing.set(false);
    }
    if (!names.isEmpty()) {
      // One that was added just before this thread ended.
      startReleasing();
    }
  }

  private void releaseAll() {
    try {
      for (String name : names) {
        if (release.test(name)) {
          names.remove(name);
        }
      }
    } catch (RuntimeException failure) {
      LOG.debug("locks cannot be released, trying again", failure);
    }
  }
}
