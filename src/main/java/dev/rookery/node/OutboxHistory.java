package dev.rookery.node;

import dev.rookery.base.CatchUp;
import dev.rookery.base.CommittedEvent;
import dev.rookery.base.Position;
import dev.rookery.fanout.EventHistory;
import dev.rookery.store.Outbox;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;

/** Lets the fan-out read missed events from the outbox. */
record OutboxHistory(Outbox outbox) implements EventHistory {
  @Override
  public Future<CatchUp<CommittedEvent>> readAfter(String stream, Position position, int max) {
    return VirtualThreads.call(() -> outbox.readAfter(stream, position, max));
  }

  @Override
  public Future<Map<String, Position>> readHeads(List<String> streams) {
    return VirtualThreads.call(() -> outbox.heads(streams));
  }

  @Override
  public Position beginning() {
    return outbox.beginning();
  }

  @Override
  public boolean hasOneEpochSince(Position beginning) {
    return outbox.hasOneEpochSince(beginning);
  }
}
