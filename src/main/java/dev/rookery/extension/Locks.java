package dev.rookery.extension;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Locks that all nodes of the cluster and all extensions share. Two pieces of work under the same
 * namespace and id never run at the same time.
 *
 * <p>A lock belongs to the thread that acquired it, and is re-entrant. It excludes other work under
 * the lock and nothing else: the commands of players do not take it. The work is not a transaction;
 * what it did before an exception stays. The lock of a node that dies becomes free when the others
 * declare it dead. A node that was only paused, or cut off from the database, and declared dead
 * goes on with its work while another node may hold the lock, so that changes which must never
 * happen twice carry an idempotency key besides.
 */
public interface Locks {
  /**
   * Runs work under a lock, and waits for the lock for at most 10 seconds. Blocks, so not on an
   * event loop.
   *
   * @param namespace at most 64 of the characters a-z, A-Z, 0-9, {@code .}, {@code -} and {@code
   *     _}; for example {@code lobby} or {@code shop}
   * @return what the work returns; its exceptions are thrown on
   * @throws LockTimeoutException if the lock was not free in time, or the thread was interrupted
   *     while it waited
   * @throws IllegalStateException if the database is unavailable; the work has not begun
   */
  <T extends @Nullable Object, E extends Exception> T serialize(
      String namespace, long id, LockedWork<T, E> work) throws E;

  /**
   * As {@link #serialize(String, long, LockedWork)}, with another time to wait.
   *
   * @param waitMax at most one minute; zero to try once
   */
  <T extends @Nullable Object, E extends Exception> T serialize(
      String namespace, long id, Duration waitMax, LockedWork<T, E> work) throws E;
}
