package dev.rookery.store;

import dev.rookery.bus.EventTypes;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One unit of work in a transaction that it may share with others. */
final class PostgresUnitOfWork extends UnitOfWork {
  private final PostgresTransaction transaction;

  PostgresUnitOfWork(PostgresTransaction transaction, EventTypes types, Instant now) {
    super(types, now);
    this.transaction = transaction;
  }

  @Override
  Rows execute(String sql, @Nullable Object[] values) {
    return transaction.run(this, sql, values);
  }

  @Override
  public Dialect dialect() {
    return Dialect.POSTGRES;
  }
}
