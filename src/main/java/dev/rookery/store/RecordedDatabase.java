package dev.rookery.store;

import dev.rookery.bus.CommandScope;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A database whose units of work record the scope of their command: the first one that is committed
 * for a command with a {@link CommandScope} carries its record, so nothing is changed in a scope
 * that is not recorded. All others pass through.
 */
public final class RecordedDatabase implements Database {
  private final Database database;
  private final CommandRecorder recorder;

  public RecordedDatabase(Database database, CommandRecorder recorder) {
    this.database = database;
    this.recorder = recorder;
  }

  @Override
  public Rows read(String sql, @Nullable Object... values) {
    return database.read(sql, values);
  }

  @Override
  public <T> T write(Function<Transaction, T> work) {
    CommandScope scope = CommandScope.current();
    if (scope == null || !scope.needsRecord()) {
      return database.write(work);
    }
    // The record is written last: its lock is held for the shortest time, and by no transaction
    // that still waits for another one.
    T result =
        database.write(
            tx -> {
              T changed = work.apply(tx);
              recorder.record(tx, scope);
              return changed;
            });
    scope.recorded();
    return result;
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
