package dev.rookery.store;

import dev.rookery.base.Refused;
import dev.rookery.bus.CommandScope;
import dev.rookery.bus.ReadOnlyScope;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A database that heeds the scope of the command that uses it. The first unit of work that is
 * committed for a command with a {@link CommandScope} carries its record, so nothing is changed in
 * a scope that is not recorded. Reads in the scope of the {@link ReadLane} go through it, and
 * writes in {@link ReadOnlyScope} are refused. All others pass through.
 */
public final class RecordedDatabase extends DelegatingDatabase {
  private final Database lane;
  private final CommandRecorder recorder;

  /**
   * @param lane reads what is read in {@link ReadLaneScope#SCOPE}
   */
  public RecordedDatabase(Database database, Database lane, CommandRecorder recorder) {
    super(database);
    this.lane = lane;
    this.recorder = recorder;
  }

  @Override
  public Rows read(String sql, @Nullable Object... values) {
    return (ReadLaneScope.isCurrent() ? lane : database).read(sql, values);
  }

  @Override
  public <T> T write(Function<Transaction, T> work) {
    if (ReadOnlyScope.isCurrent()) {
      throw Refused.denied("read_only");
    }
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
              recorder.record(tx, BatchScope.toRecord(scope));
              return changed;
            });
    scope.recorded();
    return result;
  }
}
