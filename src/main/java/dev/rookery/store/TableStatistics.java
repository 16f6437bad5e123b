package dev.rookery.store;

import java.util.List;

/**
 * Keeps what PostgreSQL knows of the sizes of tables current while they grow.
 *
 * <p>Each statement is planned once, with the sizes of that moment. For a table that was empty
 * then, reading all of it looks as cheap as its index, and becomes expensive with each row.
 * PostgreSQL measures tables once a minute at most, which is too late for one that fills in
 * seconds; a plan is made anew when its tables are measured.
 */
final class TableStatistics {
  /**
   * Tables that have doubled at least; the largest are left to PostgreSQL itself. It skips those of
   * another owner with a warning in its log, so they are left out.
   */
  private static final String GROWN =
      """
      SELECT quote_ident(name) AS name FROM (
        SELECT relname AS name, relpages AS known,
          pg_relation_size(pg_class.oid) / CAST(current_setting('block_size') AS BIGINT) AS pages
        FROM pg_class JOIN pg_namespace ON pg_namespace.oid = pg_class.relnamespace
        WHERE nspname = current_schema() AND relkind = 'r' AND relpages < %1$d
          AND pg_has_role(relowner, 'USAGE')) AS sized
      WHERE pages BETWEEN 2 * CASE WHEN known < 2 THEN 2 ELSE known END AND %1$d
      ORDER BY pages DESC, name LIMIT 20
      """
          .formatted(4_096);

  private TableStatistics() {}

  /** Measures the tables that have grown; returns their names. */
  static List<String> refresh(Database postgres) {
    List<String> grown = postgres.read(GROWN).all(row -> row.text("name"));
    grown.forEach(table -> postgres.read("ANALYZE " + table));
    return grown;
  }
}
