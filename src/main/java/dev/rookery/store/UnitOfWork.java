package dev.rookery.store;

import dev.rookery.base.Event;
import dev.rookery.bus.EventTypes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is the same of a unit of work on every database: what it may do when, and what it appends.
 */
abstract class UnitOfWork implements Transaction {
  private final EventTypes types;
  private final Instant now;
  private final List<PendingEvent> appended = new ArrayList<>(4);
  private @Nullable RuntimeException broken;
  private boolean over;

  UnitOfWork(EventTypes types, Instant now) {
    this.types = types;
    this.now = now;
  }

  /** One statement; throws what the caller of the unit is to be told. */
  abstract Rows execute(String sql, @Nullable Object[] values);

  @Override
  public final Rows run(String sql, @Nullable Object... values) {
    checkUsable();
    try {
      return execute(sql, values);
    } catch (RuntimeException failure) {
      broken = failure;
      throw failure;
    }
  }

  @Override
  public final AppendResult append(String stream, Event event) {
    checkUsable();
    var place = new AppendResult();
    appended.add(new PendingEvent(stream, event, types.name(event), types.write(event), place));
    return place;
  }

  @Override
  public final Instant now() {
    return now;
  }

  /**
   * The end of the work, and the events it appended. Nothing may have failed in it, whether or not
   * that was caught.
   */
  final List<PendingEvent> close() {
    over = true;
    if (broken != null) {
      throw broken;
    }
    return appended;
  }

  private void checkUsable() {
    if (over) {
      throw new IllegalStateException("the transaction is over");
    }
    if (broken != null) {
      throw broken;
    }
  }
}
