package dev.rookery.fanout;

import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;

/**
 * Detects events that the bus lost at the end of a stream, where no later event reveals the gap. It
 * polls the heads of all subscribed streams in the database, {@value #BATCH_MAX} every {@value
 * #INTERVAL_MS} ms: a round takes seconds for a few thousand streams, and minutes for a hundred
 * thousand. It needs no other node, so it also finds events from the other side of a network
 * partition.
 */
final class GapDetector {
  static final long INTERVAL_MS = 1_000;
  static final int BATCH_MAX = 512;

  private final Vertx vertx;
  private final EventHistory history;
  private final Shards shards;
  private final Deque<String> pending = new ArrayDeque<>();
  private boolean checking;

  GapDetector(Vertx vertx, EventHistory history, Shards shards) {
    this.vertx = vertx;
    this.history = history;
    this.shards = shards;
  }

  /** Starts polling on the calling context, until the node ends. */
  void start() {
    vertx.setPeriodic(INTERVAL_MS, _ -> check());
  }

  private void check() {
    if (checking) {
      return;
    }
    if (pending.isEmpty()) {
      pending.addAll(shards.streams());
    }
    var batch = new ArrayList<String>();
    while (batch.size() < BATCH_MAX && !pending.isEmpty()) {
      batch.add(pending.remove());
    }
    if (batch.isEmpty()) {
      return;
    }
    checking = true;
    var context = vertx.getOrCreateContext();
    // After a failure these streams are checked again in the next round.
    history
        .readHeads(batch)
        .onSuccess(
            heads -> heads.forEach((stream, head) -> shards.of(stream).observeHead(stream, head)))
        .onComplete(_ -> context.runOnContext(_ -> checking = false));
  }
}
