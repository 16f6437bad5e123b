package dev.rookery.script;

import dev.rookery.base.Refused;
import dev.rookery.keyspace.SnapshotWriter;
import dev.rookery.lease.Lease;
import dev.rookery.script.KeyspaceStore.Snapshot;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores one snapshot of a keyspace while scripts go on. The thread that executes scripts takes
 * chunks from the keyspace between two of them, a few ahead; a virtual thread stores them, and then
 * deletes what the snapshot replaces. A snapshot that cannot be stored is given up: the log before
 * it stays.
 */
final class SnapshotTask {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotTask.class);
  static final int CHUNK_BYTES = 256 << 10;
  private static final int AHEAD = 4;
  private static final int ATTEMPTS = 5;
  private static final Duration RETRY_AFTER = Duration.ofMillis(500);
  private static final byte[] END = {};

  private final KeyspaceStore store;
  private final Lease lease;
  private final SnapshotWriter writer;
  private final BlockingQueue<byte[]> chunks = new ArrayBlockingQueue<>(AHEAD);
  private final CompletableFuture<Long> number = new CompletableFuture<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final long startedNanos = System.nanoTime();
  private boolean taken;
  private volatile boolean succeeded;
  private volatile boolean cancelled;
  private volatile long bytes;

  SnapshotTask(KeyspaceStore store, Lease lease, SnapshotWriter writer) {
    this.store = store;
    this.lease = lease;
    this.writer = writer;
  }

  void start() {
    Thread.ofVirtual().name("rookery-keyspace-snapshot").start(this::run);
  }

  /** The number of the last log row that the snapshot includes; may be called on any thread. */
  void numbered(long last) {
    number.complete(last);
  }

  /** Takes chunks as long as there is room for them; called by the thread of the keyspace. */
  void step() {
    while (!taken && !cancelled && chunks.remainingCapacity() > 0) {
      byte[] next = writer.next();
      taken = next == null;
      chunks.add(next == null ? END : next);
    }
  }

  /** Whether nothing more is to be done. */
  boolean isEnded() {
    return ended.getCount() == 0;
  }

  boolean hasSucceeded() {
    return succeeded;
  }

  /** Size of the snapshot, as far as it is stored. */
  long bytes() {
    return bytes;
  }

  Duration took() {
    return Duration.ofNanos(System.nanoTime() - startedNanos);
  }

  void cancel() {
    cancelled = true;
    number.cancel(false);
    chunks.clear();
    if (!chunks.offer(END)) {
      LOG.debug("a snapshot that was given up has just got a chunk");
    }
  }

  /** Frees what the snapshot needs of the keyspace; called by its thread after the end. */
  void release() {
    writer.cancel();
  }

  /** Takes and stores the whole snapshot; blocks the thread of the keyspace until then. */
  boolean finish(Duration within) {
    long deadline = System.nanoTime() + within.toNanos();
    try {
      while (!isEnded() && System.nanoTime() - deadline < 0) {
        step();
        if (ended.await(1, TimeUnit.MILLISECONDS)) {
          break;
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return succeeded;
  }

  private void run() {
    try {
      Snapshot snapshot = storeAll(number.get());
      if (snapshot != null) {
        attempt(() -> store.complete(lease, snapshot));
        succeeded = true;
        attempt(() -> store.deleteReplaced(lease, snapshot));
      }
    } catch (ExecutionException | RuntimeException failed) {
      if (!cancelled) {
        LOG.warn(
            "a snapshot of the keyspace could not be stored; the log before it is kept", failed);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      cancelled = true;
      ended.countDown();
    }
  }

  private @Nullable Snapshot storeAll(long last) throws InterruptedException {
    int parts = 0;
    while (!cancelled) {
      byte[] chunk = chunks.take();
      if (chunk.length == 0) {
        return cancelled ? null : new Snapshot(last, parts);
      }
      int part = parts++;
      attempt(() -> store.insertPart(lease, last, part, chunk));
      bytes = (long) parts * CHUNK_BYTES;
    }
    return null;
  }

  /** The database may be away for a moment. */
  private void attempt(Runnable work) throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        work.run();
        return;
      } catch (Refused refused) {
        if (attempt == ATTEMPTS || cancelled || refused.refusal().code().equals("not_owner")) {
          throw refused;
        }
      }
      if (ended.await(RETRY_AFTER.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    }
  }
}
