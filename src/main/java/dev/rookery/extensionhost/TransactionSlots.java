package dev.rookery.extensionhost;

import dev.rookery.extension.LockDeadlockException;
import dev.rookery.extension.LockTimeoutException;
import java.util.concurrent.Semaphore;

/**
 * How many transactions under locks an extension has at the same time: as many as its tables have
 * connections. So it is known who waits for a connection, and for whom.
 */
final class TransactionSlots {
  private final LockWaits waits;
  private final LockWaits.Resource resource;
  private final Semaphore free;

  TransactionSlots(LockWaits waits, int connections) {
    this.waits = waits;
    this.resource = new LockWaits.Resource(connections);
    this.free = new Semaphore(connections, true);
  }

  /** Does not wait, and does not overtake those who do. */
  boolean tryAcquire() {
    if (free.hasQueuedThreads() || !free.tryAcquire()) {
      return false;
    }
    waits.acquired(resource);
    return true;
  }

  /**
   * Waits until the current thread has a slot.
   *
   * @throws LockDeadlockException if those who have them wait for a lock of the thread
   * @throws LockTimeoutException if the thread is interrupted
   */
  void acquire() {
    if (!waits.await(resource)) {
      throw new LockDeadlockException(
          "no connection can become free: its transaction waits for a lock of this thread; acquire"
              + " nested locks in one order");
    }
    boolean acquired = false;
    try {
      free.acquire();
      acquired = true;
    } catch (InterruptedException _) {
      throw interrupted();
    } finally {
      if (acquired) {
        waits.acquired(resource);
      } else {
        waits.gaveUp();
      }
    }
  }

  private static LockTimeoutException interrupted() {
    Thread.currentThread().interrupt();
    return new LockTimeoutException("the thread was interrupted while it waited for a connection");
  }

  void release() {
    waits.released(resource);
    free.release();
  }
}
