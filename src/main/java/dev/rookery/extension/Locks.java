package dev.rookery.extension;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Locks that all nodes of the cluster and all extensions share. Two pieces of work under the same
 * namespace and id never run at the same time.
 *
 * <p>A lock belongs to the thread that acquired it, and is re-entrant. It excludes other work under
 * the lock and nothing else: the commands of players do not take it, whatever its namespace is.
 * They are stored many at a time, so one that waited for an extension would keep all others of its
 * batch waiting. The lock of a node that dies becomes free when the others declare it dead.
 *
 * <p>A node that was only paused, or cut off from the database, and declared dead does not know it
 * at once. What it does then depends on the kind of work:
 *
 * <ul>
 *   <li>{@link TransactionalWork} commits only if its node still has the lock. Its changes of the
 *       tables of the extension happen together or not at all, and never beside those of another
 *       holder.
 *   <li>{@link LockedWork} is not a transaction: what it did before an exception stays, and it goes
 *       on while another node may hold the lock. Give its changes idempotency keys.
 * </ul>
 *
 * <p>Methods of {@link Platform} are transactions of their own in either kind. What they have
 * changed stays when the work is rolled back, so call them after the transaction, or with an
 * idempotency key that the transaction stores.
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
   * @throws LockDeadlockException if its holder waits for a lock of this thread, on this node or
   *     another one
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

  /**
   * Runs work under a lock in one transaction of {@link ExtensionContext#database}: committed when
   * the work returns, rolled back when it throws. Called within such work on the same thread, it
   * joins the transaction: its lock is kept until that ends, and an exception of the inner work
   * rolls back the whole.
   *
   * <p>There are as many transactions of the extension on this node at the same time as it has
   * connections, one on SQLite; others wait for them, and have no lock meanwhile.
   *
   * @throws LockTimeoutException if the lock was not free in 10 seconds
   * @throws LockDeadlockException if its holder, or those who have the connections, wait for a lock
   *     of this thread
   * @throws LockLostException if another node has the lock meanwhile; nothing was stored
   * @throws IllegalStateException if the database is unavailable, or inner work had failed
   */
  <T extends @Nullable Object, E extends Exception> T serialize(
      String namespace, long id, TransactionalWork<T, E> work) throws E;

  /**
   * As {@link #serialize(String, long, TransactionalWork)}, with another time to wait.
   *
   * @param waitMax at most one minute; zero to try once
   */
  <T extends @Nullable Object, E extends Exception> T serialize(
      String namespace, long id, Duration waitMax, TransactionalWork<T, E> work) throws E;
}
