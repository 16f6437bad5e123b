package dev.rookery.testkit;

import dev.rookery.store.Database;
import dev.rookery.store.Dialect;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import java.util.List;
import java.util.Set;

/**
 * Fills tables for benchmarks with millions of rows: without their indexes, which are created when
 * all rows are there, and on PostgreSQL, for a superuser, without a look at the rows that they
 * refer to.
 */
public final class BulkFill {
  private static final String INDEXES_OF_SQLITE =
      "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
          + " AND tbl_name = $1";

  private static final String INDEXES_OF_POSTGRES =
      """
      SELECT indexname AS name, indexdef AS sql FROM pg_indexes
      WHERE schemaname = current_schema() AND tablename = $1 AND indexname NOT IN (
        SELECT conname FROM pg_constraint WHERE conrelid = CAST(CAST($1 AS TEXT) AS regclass))
      """;

  private static final String IS_SUPERUSER =
      "SELECT usename FROM pg_user WHERE usename = current_user AND usesuper";

  private final Database database;
  private final boolean postgres;
  private final boolean unchecked;
  private final Set<String> tables;

  /**
   * @param tables those that are filled
   */
  public BulkFill(Database database, Set<String> tables) {
    this.database = database;
    this.tables = tables;
    postgres = database.dialect() == Dialect.POSTGRES;
    unchecked = postgres && !database.read(IS_SUPERUSER).isEmpty();
  }

  private record Index(String name, String statement) {}

  /** Fills the tables and lets the database look at what they contain. */
  public void run(Runnable fill) {
    List<Index> indexes = tables.stream().flatMap(table -> indexes(table).stream()).toList();
    indexes.forEach(index -> database.write(tx -> tx.run("DROP INDEX " + index.name())));
    fill.run();
    for (Index index : indexes) {
      database.write(
          tx -> {
            if (postgres) {
              tx.run("SET LOCAL maintenance_work_mem = '512MB'");
            }
            return tx.run(index.statement());
          });
    }
    if (postgres) {
      // What autovacuum does on a server that runs for a while.
      tables.forEach(table -> database.read("VACUUM " + table));
    }
    database.write(tx -> tx.run("ANALYZE"));
  }

  private List<Index> indexes(String table) {
    return database
        .read(postgres ? INDEXES_OF_POSTGRES : INDEXES_OF_SQLITE, table)
        .all(BulkFill::index);
  }

  private static Index index(Row row) {
    return new Index(row.text("name"), row.text("sql"));
  }

  /** As {@link NumberedRows#insert}. */
  public void insert(long first, long last, String statement) {
    NumberedRows.insert(database, first, last, statement, this::begin);
  }

  private void begin(Transaction tx) {
    if (unchecked) {
      tx.run("SET LOCAL session_replication_role = replica");
    }
  }
}
