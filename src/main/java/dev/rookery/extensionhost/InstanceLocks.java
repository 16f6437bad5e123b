package dev.rookery.extensionhost;

import dev.rookery.base.Refused;
import dev.rookery.extension.LockLostException;
import dev.rookery.extension.LockTimeoutException;
import dev.rookery.extension.LockedWork;
import dev.rookery.extension.Locks;
import dev.rookery.extension.TransactionalWork;
import dev.rookery.extensionhost.ExtensionLocks.AcquiredLock;
import dev.rookery.lease.Lease;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The locks as one version of an extension uses them, with transactions of its own tables. */
final class InstanceLocks implements Locks {
  private static final Logger LOG = LoggerFactory.getLogger(InstanceLocks.class);
  private static final Pattern NAMESPACE = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Duration WAIT_DEFAULT = Duration.ofSeconds(10);
  private static final Duration WAIT_MAX = Duration.ofMinutes(1);

  private final ExtensionLocks locks;
  private final Supplier<Pool> pool;
  private final IntSupplier connections;
  private final Fence fence;
  private final ThreadLocal<@Nullable OpenTransaction> current = new ThreadLocal<>();
  private @Nullable TransactionSlots slots;

  /** Keeps a lease in the database of the tables until a transaction ends. */
  interface Fence {
    /** Completes with false if another node has the lease. */
    Future<Boolean> hold(SqlClient transaction, Lease lease);
  }

  /**
   * @param connections how many the pool has, at most
   */
  InstanceLocks(ExtensionLocks locks, Supplier<Pool> pool, IntSupplier connections, Fence fence) {
    this.locks = locks;
    this.pool = pool;
    this.connections = connections;
    this.fence = fence;
  }

  @Override
  public <T extends @Nullable Object, E extends Exception> T serialize(
      String namespace, long id, LockedWork<T, E> work) throws E {
    return serialize(namespace, id, WAIT_DEFAULT, work);
  }

  @Override
  public <T extends @Nullable Object, E extends Exception> T serialize(
      String namespace, long id, Duration waitMax, LockedWork<T, E> work) throws E {
    try (AcquiredLock _ = acquire(namespace, id, waitMax)) {
      return work.run();
    }
  }

  @Override
  public <T extends @Nullable Object, E extends Exception> T serialize(
      String namespace, long id, TransactionalWork<T, E> work) throws E {
    return serialize(namespace, id, WAIT_DEFAULT, work);
  }

  @Override
  public <T extends @Nullable Object, E extends Exception> T serialize(
      String namespace, long id, Duration waitMax, TransactionalWork<T, E> work) throws E {
    OpenTransaction outer = current.get();
    if (outer != null) {
      return outer.join(acquire(namespace, id, waitMax), work);
    }
    TransactionSlots bounded = slots();
    AcquiredLock held = acquireWithSlot(bounded, namespace, id, waitMax);
    try (var transaction = new OpenTransaction(bounded, held)) {
      current.set(transaction);
      return transaction.run(work);
    } finally {
      current.remove();
    }
  }

  /** Made when it is first used, because tables are opened after this was made. */
  private synchronized TransactionSlots slots() {
    if (slots == null) {
      slots = new TransactionSlots(locks.waits(), connections.getAsInt());
    }
    return slots;
  }

  /**
   * Acquires a lock and a slot for a transaction. A thread that waits for a slot gives the lock
   * back meanwhile: otherwise a transaction that wants this lock too would wait for the thread,
   * which waits for its connection.
   */
  private AcquiredLock acquireWithSlot(
      TransactionSlots bounded, String namespace, long id, Duration waitMax) {
    long deadline = System.nanoTime() + waitMax.toNanos();
    AcquiredLock held = acquire(namespace, id, waitMax);
    while (!takeSlot(bounded, held)) {
      bounded.acquire();
      AcquiredLock again = acquireInSlot(bounded, namespace, id);
      if (again != null) {
        return again;
      }
      long left = Math.max(0, deadline - System.nanoTime());
      held = acquire(namespace, id, Duration.ofNanos(left));
    }
    return held;
  }

  /** False if the lock was given back, because there is no slot. */
  private static boolean takeSlot(TransactionSlots bounded, AcquiredLock held) {
    boolean taken = false;
    try {
      taken = bounded.tryAcquire();
      if (!taken && !held.isOnlyOne()) {
        // Giving back one of several would not free those who wait for the others.
        bounded.acquire();
        taken = true;
      }
      return taken;
    } finally {
      if (!taken) {
        held.close();
      }
    }
  }

  /** Null, and the slot is given back, if another thread has the lock. */
  private @Nullable AcquiredLock acquireInSlot(
      TransactionSlots bounded, String namespace, long id) {
    AcquiredLock held = null;
    try {
      held = acquire(namespace, id, Duration.ZERO);
      return held;
    } catch (LockTimeoutException busy) {
      if (Thread.currentThread().isInterrupted()) {
        throw busy;
      }
      return null;
    } finally {
      if (held == null) {
        bounded.release();
      }
    }
  }

  private AcquiredLock acquire(String namespace, long id, Duration waitMax) {
    if (!NAMESPACE.matcher(namespace).matches()) {
      throw new IllegalArgumentException("not a namespace of locks: " + namespace);
    }
    if (waitMax.isNegative() || waitMax.compareTo(WAIT_MAX) > 0) {
      throw new IllegalArgumentException("a lock can be waited for up to a minute: " + waitMax);
    }
    String lock = namespace + "/" + id;
    try {
      return locks.acquire(lock, waitMax);
    } catch (Refused refused) {
      throw new IllegalStateException(
          "the lock " + lock + " cannot be acquired: " + refused.refusal().code(), refused);
    }
  }

  /**
   * A transaction of the current thread, with the slot and the locks that it keeps until it ends.
   */
  private final class OpenTransaction implements AutoCloseable {
    private final TransactionSlots bounded;
    private final Deque<AcquiredLock> locked = new ArrayDeque<>();
    private @Nullable SqlConnection connection;
    private @Nullable Transaction transaction;
    private boolean failed;

    OpenTransaction(TransactionSlots bounded, AcquiredLock first) {
      this.bounded = bounded;
      locked.push(first);
    }

    <T extends @Nullable Object, E extends Exception> T run(TransactionalWork<T, E> work) throws E {
      try {
        SqlConnection opened = open();
        connection = opened;
        Transaction begun = opened.begin().await();
        transaction = begun;
        T result = work.run(opened);
        if (failed) {
          throw new IllegalStateException("work within the transaction has failed");
        }
        locked.forEach(held -> fence(opened, held));
        begun.commit().await();
        transaction = null;
        return result;
      } catch (Throwable failure) {
        rollBack();
        throw failure;
      }
    }

    /** A connection that comes after the thread was interrupted goes back to the pool. */
    private SqlConnection open() {
      Future<SqlConnection> opening = pool.get().getConnection();
      try {
        return opening.await();
      } catch (Throwable failure) {
        opening.onSuccess(SqlConnection::close);
        throw failure;
      }
    }

    <T extends @Nullable Object, E extends Exception> T join(
        AcquiredLock held, TransactionalWork<T, E> work) throws E {
      locked.push(held);
      SqlConnection joined = connection;
      if (joined == null) {
        throw new IllegalStateException("the transaction has not begun");
      }
      try {
        return work.run(joined);
      } catch (Throwable failure) {
        failed = true;
        throw failure;
      }
    }

    private void fence(SqlConnection opened, AcquiredLock held) {
      Lease lease = held.lease();
      if (lease != null && !fence.hold(opened, lease).await()) {
        throw new LockLostException("another node has the lock " + held.name());
      }
    }

    private void rollBack() {
      Transaction begun = transaction;
      if (begun != null) {
        finish(begun::rollback);
      }
    }

    /** The locks last, so that the next holder sees what was committed. */
    @Override
    public void close() {
      SqlConnection opened = connection;
      if (opened != null) {
        finish(opened::close);
      }
      bounded.release();
      locked.forEach(AcquiredLock::close);
    }

    /** Also on a thread that was interrupted, because its call took too long. */
    private static void finish(Supplier<Future<Void>> step) {
      boolean interrupted = Thread.interrupted();
      try {
        step.get().await();
      } catch (Exception failure) {
        LOG.debug("a transaction of an extension was not ended in order", failure);
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }
}
