package dev.rookery.testkit;

import dev.rookery.store.Database;
import dev.rookery.store.Dialect;
import dev.rookery.testkit.RecordingDatabase.Statement;
import java.util.stream.Collectors;

/** How a database finds the rows of statements. */
public final class QueryPlans {
  private QueryPlans() {}

  /**
   * Returns the steps of a plan. PostgreSQL, which reads small tables whole, does so only where no
   * index could be used.
   */
  public static String of(Database database, Statement statement) {
    boolean sqlite = database.dialect() == Dialect.SQLITE;
    return database.write(
        tx -> {
          if (!sqlite) {
            tx.run("SET LOCAL enable_seqscan = off");
          }
          return tx
              .run(
                  (sqlite ? "EXPLAIN QUERY PLAN " : "EXPLAIN ") + statement.sql(),
                  statement.values())
              .all(row -> row.text(sqlite ? "detail" : "QUERY PLAN"))
              .stream()
              .collect(Collectors.joining("\n"));
        });
  }

  /** The plans of what was read since the last call. */
  public static String of(RecordingDatabase database) {
    return database.take().stream()
        .map(statement -> of(database, statement))
        .collect(Collectors.joining("\n"));
  }
}
