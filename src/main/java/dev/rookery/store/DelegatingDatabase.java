package dev.rookery.store;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Passes each call to another database. A subclass overrides those that it treats differently. */
public abstract class DelegatingDatabase implements Database {
  protected final Database database;

  protected DelegatingDatabase(Database database) {
    this.database = database;
  }

  @Override
  public Rows read(String sql, @Nullable Object... values) {
    return database.read(sql, values);
  }

  @Override
  public <T> T write(Function<Transaction, T> work) {
    return database.write(work);
  }

  @Override
  public Dialect dialect() {
    return database.dialect();
  }

  @Override
  public MeterRegistry registry() {
    return database.registry();
  }

  @Override
  public void close() {
    database.close();
  }
}
