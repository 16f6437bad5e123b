package dev.rookery.testkit;

import dev.rookery.store.Database;
import dev.rookery.store.DelegatingDatabase;
import dev.rookery.store.Rows;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A database that records its single reads and how long each took. */
public final class RecordingDatabase extends DelegatingDatabase {
  private final List<Statement> statements = Collections.synchronizedList(new ArrayList<>());

  /** A statement that was run, with its values. */
  public record Statement(String sql, @Nullable Object[] values, long nanos) {}

  public RecordingDatabase(Database database) {
    super(database);
  }

  /** Returns what was read since the last call. */
  public List<Statement> take() {
    List<Statement> taken = List.copyOf(statements);
    statements.clear();
    return taken;
  }

  @Override
  public Rows read(String sql, @Nullable Object... values) {
    long start = System.nanoTime();
    Rows rows = database.read(sql, values);
    statements.add(new Statement(sql, values, System.nanoTime() - start));
    return rows;
  }
}
