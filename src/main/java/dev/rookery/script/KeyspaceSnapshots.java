package dev.rookery.script;

import dev.rookery.script.ScriptExecutor.OwnedKeyspace;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Takes snapshots of a keyspace, one at a time, when its log since the last one is twice as large
 * as that snapshot, but not before {@link #AFTER_MIN} bytes, and after {@link #AFTER_MAX} at the
 * latest. Without a log, none but the last. Confined to the thread that executes scripts.
 */
final class KeyspaceSnapshots {
  private static final long AFTER_MIN = 16L << 20;
  private static final long AFTER_MAX = 64L << 20;

  private final OwnedKeyspace owned;
  private final LogWriter log;
  private final Durability durability;
  private final KeyspaceMeters meters;
  private @Nullable SnapshotTask running;
  private long lastBytes;

  KeyspaceSnapshots(
      OwnedKeyspace owned, LogWriter log, Durability durability, KeyspaceMeters meters) {
    this.owned = owned;
    this.log = log;
    this.durability = durability;
    this.meters = meters;
  }

  boolean isUnderWay() {
    return running != null;
  }

  /** Goes on with the snapshot that is under way, or begins one that is due; short. */
  void step() {
    SnapshotTask task = running;
    if (task != null) {
      task.step();
      if (task.isEnded()) {
        end(task);
      }
    } else if (durability != Durability.NONE && log.sinceSnapshot() > dueAfter()) {
      begin();
    }
  }

  private long dueAfter() {
    return Math.clamp(2 * lastBytes, AFTER_MIN, AFTER_MAX);
  }

  private SnapshotTask begin() {
    var task =
        new SnapshotTask(
            owned.store(), owned.lease(), owned.keyspace().snapshot(SnapshotTask.CHUNK_BYTES));
    log.mark(task::numbered);
    task.start();
    running = task;
    return task;
  }

  private void end(SnapshotTask task) {
    running = null;
    task.release();
    if (task.hasSucceeded()) {
      lastBytes = task.bytes();
      meters.snapshotTaken(task.took());
    }
  }

  /** Gives up the snapshot that is under way. */
  void cancel() {
    SnapshotTask task = running;
    if (task != null) {
      task.cancel();
    }
  }

  /** Takes and stores one more snapshot, the last; false if it is not stored in time. */
  boolean takeLast(Duration within) {
    return begin().finish(within);
  }
}
