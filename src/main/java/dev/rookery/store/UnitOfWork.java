package dev.rookery.store;

import dev.rookery.base.Event;
import dev.rookery.bus.EventTypes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a unit of work that both databases share: its state and the events that it appends.
 */
abstract class UnitOfWork implements Transaction {
  private final EventTypes types;
  private final Instant now;
  private final List<PendingEvent> appended = new ArrayList<>(4);
  private @Nullable RuntimeException failure;
  private boolean closed;

  UnitOfWork(EventTypes types, Instant now) {
    this.types = types;
    this.now = now;
  }

  /** Runs one statement; throws the exception that the caller of the unit receives. */
  abstract Rows execute(String sql, @Nullable Object[] values);

  @Override
  public final Rows run(String sql, @Nullable Object... values) {
    checkUsable();
    try {
      return execute(sql, values);
    } catch (RuntimeException failure) {
      this.failure = failure;
      throw failure;
    }
  }

  @Override
  public final AppendResult append(String stream, Event event) {
    checkUsable();
    var result = new AppendResult();
    Integer shard = types.isConsumed(event, stream) ? ConsumerShards.of(stream) : null;
    appended.add(new PendingEvent(stream, event, types.name(event), json(event), shard, result));
    return result;
  }

  /** An event of two players is appended to the stream of each, and written as JSON once. */
  private String json(Event event) {
    PendingEvent before = appended.isEmpty() ? null : appended.getLast();
    return before != null && before.event() == event ? before.json() : types.write(event);
  }

  @Override
  public final boolean isConsumed(Class<? extends Event> type) {
    return types.isConsumed(type);
  }

  @Override
  public final Instant now() {
    return now;
  }

  /**
   * Ends the unit of work and returns the events it appended. Throws if any statement has failed,
   * even if that was caught.
   */
  final List<PendingEvent> close() {
    closed = true;
    if (failure != null) {
      throw failure;
    }
    return appended;
  }

  private void checkUsable() {
    if (closed) {
      throw new IllegalStateException("the transaction has ended");
    }
    if (failure != null) {
      throw failure;
    }
  }
}
