package dev.rookery.script;

import dev.rookery.base.FatalErrors;
import dev.rookery.base.Refused;
import dev.rookery.lease.Lease;
import dev.rookery.lease.Leases;
import dev.rookery.script.KeyspaceStore.LogRow;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores the changes of scripts in the order of their execution, many in one commit. One thread
 * executes scripts and appends, one virtual thread writes.
 *
 * <p>While the database is away the same row is tried again until it is stored, and {@link
 * #refusal} tells why no further script may run: at once with {@link Durability#COMMIT}, otherwise
 * when more than {@link #UNWRITTEN_MAX} bytes are not stored, with the results that wait for them.
 * Nothing is dropped as long as this node owns the keyspace.
 */
final class LogWriter {
  private static final Logger LOG = LoggerFactory.getLogger(LogWriter.class);

  /** How many bytes of changes may be unwritten before no further script runs. */
  static final long UNWRITTEN_MAX = 32L << 20;

  /** Changes are stored in rows of about this size, unless those of one script are larger. */
  private static final int ROW_BYTES = 1 << 20;

  private static final int ROW_CALLS = 4_096;

  /** With {@link Durability#EVERYSEC}; the rest of the second is for the commit. */
  private static final Duration WRITE_EVERY = Duration.ofMillis(500);

  private static final Duration RETRY_AFTER = Duration.ofMillis(250);

  private final KeyspaceStore store;
  private final Lease lease;
  private final Durability durability;
  private final Runnable lost;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Entry> queue = new ArrayDeque<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private long number;
  private long dueNanos = System.nanoTime();
  private boolean closed;
  private boolean abandoned;
  private boolean finished;
  private volatile boolean failing;
  private final AtomicLong unwritten = new AtomicLong();
  private final AtomicLong unsettled = new AtomicLong();
  private final AtomicLong held = new AtomicLong();
  private final AtomicLong sinceSnapshot;

  /** What follows when the changes of a call are stored, or cannot be. */
  interface Settlement {
    /** They are stored. */
    void onStored();

    /** The database does not answer: the call need not wait any longer. May be called again. */
    void onDelayed();

    /** This node has lost the keyspace, and the changes with it. */
    void onLost();
  }

  private record Entry(
      byte @Nullable [] changes,
      @Nullable Settlement settlement,
      long heldBytes,
      @Nullable Runnable marker) {
    int size() {
      return changes == null ? 0 : changes.length;
    }
  }

  /**
   * @param position where the log goes on
   * @param lost called when another node owns the keyspace; on the writer's thread
   */
  LogWriter(
      KeyspaceStore store,
      Lease lease,
      Durability durability,
      KeyspaceRestorer.Position position,
      Runnable lost) {
    this.store = store;
    this.lease = lease;
    this.durability = durability;
    this.number = position.number();
    this.sinceSnapshot = new AtomicLong(position.sinceSnapshot());
    this.lost = lost;
  }

  void start() {
    Thread.ofVirtual().name("rookery-keyspace-log").start(this::loop);
  }

  /** Why no script may run now, for its caller; null if it may. */
  @Nullable String refusal() {
    if (durability == Durability.COMMIT && failing) {
      return "the database is away, so that no change could be stored; try again later";
    }
    if (unwritten.get() + held.get() > UNWRITTEN_MAX) {
      return "the changes of earlier scripts are not stored yet; try again later";
    }
    return null;
  }

  /** Whether everything that was appended is stored, and what waited for it was called. */
  boolean isSettled() {
    return unsettled.get() == 0;
  }

  /** Bytes that are not stored yet. */
  long unwritten() {
    return unwritten.get();
  }

  /** Bytes stored since the last snapshot was taken. */
  long sinceSnapshot() {
    return sinceSnapshot.get();
  }

  /**
   * Appends the changes of one call.
   *
   * @param changes null if it changed nothing
   * @param settlement what waits for them, and for all changes before; null for nothing
   * @param heldBytes what the settlement keeps in memory until then
   * @return false if they are dropped, because the keyspace is lost or this is closed
   */
  boolean append(byte @Nullable [] changes, @Nullable Settlement settlement, long heldBytes) {
    byte[] stored = durability == Durability.NONE ? null : changes;
    return add(new Entry(stored, settlement, heldBytes, null));
  }

  /**
   * Calls back with the number of the last row, when all changes appended before are stored and
   * none after: what a snapshot taken now includes. Without a log each snapshot has a number of its
   * own, so that it never overwrites the one before.
   */
  void mark(LongConsumer numbered) {
    sinceSnapshot.set(0);
    add(new Entry(null, null, 0, () -> numbered.accept(nextSnapshot())));
  }

  private long nextSnapshot() {
    return durability == Durability.NONE ? ++number : number;
  }

  private boolean add(Entry entry) {
    boolean dropped;
    lock.lock();
    try {
      dropped = abandoned || finished;
      if (!dropped) {
        queue.add(entry);
        unsettled.incrementAndGet();
        held.addAndGet(entry.heldBytes());
        long bytes = unwritten.addAndGet(entry.size());
        if (queue.size() == 1 || (bytes >= ROW_BYTES && bytes - entry.size() < ROW_BYTES)) {
          changed.signal();
        }
      }
    } finally {
      lock.unlock();
    }
    if (dropped) {
      lose(entry);
    }
    return !dropped;
  }

  /** Whether what is appended is dropped, because the keyspace is lost. */
  boolean isAbandoned() {
    lock.lock();
    try {
      return abandoned;
    } finally {
      lock.unlock();
    }
  }

  /** Stores everything that was appended; blocks until that is done, or the time has passed. */
  boolean close(Duration within) {
    lock.lock();
    try {
      closed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
    try {
      return ended.await(within.toMillis(), TimeUnit.MILLISECONDS) && !abandoned;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Drops what is not stored, because the keyspace is lost. */
  void abandon() {
    List<Entry> dropped;
    lock.lock();
    try {
      abandoned = true;
      closed = true;
      dropped = List.copyOf(queue);
      queue.clear();
      unwritten.set(0);
      changed.signal();
    } finally {
      lock.unlock();
    }
    dropped.forEach(LogWriter::lose);
  }

  private static void lose(Entry entry) {
    if (entry.settlement() != null) {
      entry.settlement().onLost();
    }
  }

  private void loop() {
    List<Entry> group = List.of();
    try {
      group = take();
      while (!group.isEmpty()) {
        store(group);
        group = take();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      abandon();
      group.forEach(LogWriter::lose);
    } catch (Throwable broken) {
      FatalErrors.endIfFatal(broken);
      LOG.error("the changes of scripts cannot be stored", broken);
      abandon();
      group.forEach(LogWriter::lose);
      lost.run();
    } finally {
      ended.countDown();
    }
  }

  /** The entries of the next row; empty when there will be none. */
  private List<Entry> take() throws InterruptedException {
    lock.lock();
    try {
      while (queue.isEmpty() && !closed) {
        changed.await();
      }
      if (durability == Durability.EVERYSEC) {
        long wait = dueNanos - System.nanoTime();
        while (wait > 0 && !closed && unwritten.get() < ROW_BYTES) {
          wait = changed.awaitNanos(wait);
        }
        dueNanos = System.nanoTime() + WRITE_EVERY.toNanos();
      }
      List<Entry> group = group();
      finished = group.isEmpty();
      return group;
    } finally {
      lock.unlock();
    }
  }

  /** A marker ends its row, so that it knows the number of the last one before it. */
  private List<Entry> group() {
    var group = new ArrayList<Entry>();
    long bytes = 0;
    while (!queue.isEmpty() && bytes < ROW_BYTES && group.size() < ROW_CALLS) {
      Entry entry = queue.poll();
      group.add(entry);
      bytes += entry.size();
      if (entry.marker() != null) {
        break;
      }
    }
    return group;
  }

  private void store(List<Entry> group) throws InterruptedException {
    byte[] content = content(group);
    if (content.length > 0 && !append(new LogRow(number + 1, content), group)) {
      group.forEach(LogWriter::lose);
      return;
    }
    failing = false;
    for (Entry entry : group) {
      if (entry.settlement() != null) {
        entry.settlement().onStored();
      }
      if (entry.marker() != null) {
        entry.marker().run();
      }
      held.addAndGet(-entry.heldBytes());
      unsettled.decrementAndGet();
    }
  }

  private static byte[] content(List<Entry> group) {
    var content = new ByteArrayOutputStream();
    for (Entry entry : group) {
      if (entry.changes() != null) {
        content.writeBytes(entry.changes());
      }
    }
    return content.toByteArray();
  }

  /** Whether the row is stored; false if the keyspace is lost. */
  private boolean append(LogRow row, List<Entry> group) throws InterruptedException {
    while (true) {
      try {
        store.append(lease, row);
        number = row.number();
        stored(row.content().length);
        return true;
      } catch (Refused refused) {
        if (refused.refusal().code().equals(Leases.NOT_OWNER)) {
          abandon();
          lost.run();
          return false;
        }
        delay(group, refused);
      } catch (RuntimeException broken) {
        // Nothing that was answered is dropped, whatever is wrong with the database.
        delay(group, broken);
      }
      if (!awaitRetry()) {
        return false;
      }
    }
  }

  private void delay(List<Entry> group, RuntimeException failure) {
    if (!failing) {
      LOG.warn("the changes of scripts cannot be stored now, trying again: {}", failure.toString());
    }
    failing = true;
    group.forEach(LogWriter::delay);
  }

  private void stored(int bytes) {
    unwritten.addAndGet(-bytes);
    sinceSnapshot.addAndGet(bytes);
  }

  /** Whether the row is to be tried again. */
  private boolean awaitRetry() throws InterruptedException {
    List<Entry> queued;
    lock.lock();
    try {
      queued = List.copyOf(queue);
    } finally {
      lock.unlock();
    }
    queued.forEach(LogWriter::delay);
    lock.lock();
    try {
      long wait = RETRY_AFTER.toNanos();
      while (wait > 0 && !abandoned) {
        wait = changed.awaitNanos(wait);
      }
      return !abandoned;
    } finally {
      lock.unlock();
    }
  }

  private static void delay(Entry entry) {
    if (entry.settlement() != null) {
      entry.settlement().onDelayed();
    }
  }
}
