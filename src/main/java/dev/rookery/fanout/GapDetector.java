package dev.rookery.fanout;

import dev.rookery.base.FatalErrors;
import dev.rookery.base.Position;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Detects events that the bus lost at the end of a stream, where no later event reveals the gap. It
 * polls the heads of all subscribed streams in the database, {@value #BATCH_MAX} every {@value
 * #INTERVAL_MS} ms: a round takes seconds for a few thousand streams, and minutes for a hundred
 * thousand. It needs no other node, so it also finds events from the other side of a network
 * partition. A stream of which more was delivered than the database has is corrected.
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
    readHeads(batch)
        .compose(this::observe)
        .onComplete(_ -> context.runOnContext(_ -> checking = false));
  }

  /**
   * Reads the heads once more of streams that were ahead: usually an event was delivered after the
   * first read, but what is ahead of a later read does not exist.
   */
  private Future<Void> observe(Map<String, Position> heads) {
    var ahead = new HashMap<String, Position>();
    heads.forEach(
        (stream, head) -> {
          Shard shard = shards.of(stream);
          shard.observeHead(stream, head);
          Position delivered = shard.lastDelivered(stream);
          if (delivered != null && delivered.isAfter(head)) {
            ahead.put(stream, delivered);
          }
        });
    if (ahead.isEmpty()) {
      return Future.succeededFuture();
    }
    return readHeads(List.copyOf(ahead.keySet()))
        .onSuccess(
            later ->
                later.forEach(
                    (stream, head) ->
                        shards
                            .of(stream)
                            .correctHead(stream, Objects.requireNonNull(ahead.get(stream)), head)))
        .mapEmpty();
  }

  /** As the history does it, without an exception: the next round follows after any failure. */
  private Future<Map<String, Position>> readHeads(List<String> streams) {
    try {
      return history.readHeads(streams);
    } catch (RuntimeException | Error failure) {
      FatalErrors.endIfFatal(failure);
      return Future.failedFuture(failure);
    }
  }
}
