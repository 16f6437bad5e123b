package dev.rookery.store;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A database whose calls are made again while the node starts, as {@link StartRetries} says. */
final class StartRetryDatabase extends DelegatingDatabase {
  private final StartRetries retries;

  StartRetryDatabase(Database database, StartRetries retries) {
    super(database);
    this.retries = retries;
  }

  @Override
  public Rows read(String sql, @Nullable Object... values) {
    return retries.areOver()
        ? database.read(sql, values)
        : retries.call(() -> database.read(sql, values));
  }

  @Override
  public <T> T write(Function<Transaction, T> work) {
    return retries.areOver() ? database.write(work) : retries.call(() -> database.write(work));
  }
}
