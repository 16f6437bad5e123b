package dev.rookery.store;

import dev.rookery.base.Event;
import dev.rookery.bus.EventTypes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One unit of work in a transaction, which it may share with others that run before and after. */
final class PostgresUnit implements Transaction {
  private final PostgresTransaction transaction;
  private final EventTypes types;
  private final Instant now;
  private final List<Appended> appended = new ArrayList<>(4);
  private @Nullable RuntimeException broken;
  private boolean over;

  PostgresUnit(PostgresTransaction transaction, EventTypes types, Instant now) {
    this.transaction = transaction;
    this.types = types;
    this.now = now;
  }

  @Override
  public Rows run(String sql, @Nullable Object... values) {
    checkUsable();
    try {
      return transaction.run(this, sql, values);
    } catch (RuntimeException failure) {
      broken = failure;
      throw failure;
    }
  }

  @Override
  public void append(String stream, Event event) {
    checkUsable();
    appended.add(new Appended(stream, event, types.name(event), types.write(event)));
  }

  @Override
  public Instant now() {
    return now;
  }

  @Override
  public Dialect dialect() {
    return Dialect.POSTGRES;
  }

  /** The end of the work: nothing may have failed in it, whether or not that was caught. */
  List<Appended> close() {
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
