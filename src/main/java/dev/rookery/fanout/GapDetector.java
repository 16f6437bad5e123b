package dev.rookery.fanout;

import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;

/**
 * Looks after what nobody would miss: when the bus loses the last event of a stream, no later one
 * comes to show the gap. So every followed stream's head is looked up in turn, a bounded number at
 * a time; a few thousand streams are through in some seconds, a hundred thousand in minutes. This
 * needs nothing of the other nodes: it also brings what happens on the far side of a partition.
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

  /** On the calling context, until the node ends. */
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
    var some = new ArrayList<String>();
    while (some.size() < BATCH_MAX && !pending.isEmpty()) {
      some.add(pending.remove());
    }
    if (some.isEmpty()) {
      return;
    }
    checking = true;
    var context = vertx.getOrCreateContext();
    // If the history is away these wait for their next turn.
    history
        .readHeads(some)
        .onSuccess(
            heads -> heads.forEach((stream, head) -> shards.of(stream).observeHead(stream, head)))
        .onComplete(_ -> context.runOnContext(_ -> checking = false));
  }
}
