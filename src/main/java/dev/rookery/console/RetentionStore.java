package dev.rookery.console;

import dev.rookery.lease.SweptTable;
import dev.rookery.lease.SweptTable.RowAge;
import dev.rookery.store.Dialect;
import dev.rookery.store.Reader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks at tables without reading all of them: at most {@value #COUNTED_MAX} rows of each are
 * counted, and at most {@value RetentionCommand.TableFacts#DUE_MAX} are looked at in the order of
 * their age. Three statements do it for all tables.
 */
final class RetentionStore {
  /** Beyond it the number of rows is an estimate. */
  static final int COUNTED_MAX = 10_000;

  private static final String COUNT =
      """
      SELECT '%1$s' AS name, count(*) AS rows_seen
      FROM (SELECT 1 AS one FROM %1$s LIMIT %2$d) AS seen
      """;

  private static final String AGE =
      """
      SELECT '%1$s' AS name, min(at) AS oldest, count(CASE WHEN at < $%2$d THEN 1 END) AS due
      FROM (SELECT %3$s AS at FROM %1$s WHERE %3$s IS NOT NULL ORDER BY %4$s LIMIT %5$d) AS seen
      """;

  private static final String ESTIMATES =
      """
      SELECT relname AS name, CAST(reltuples AS BIGINT) AS estimate
      FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
      WHERE nspname = current_schema() AND relkind = 'r' AND relname IN (%s)
      """;

  /**
   * The ages of the rows of a table.
   *
   * @param oldest null if there are none
   */
  record Ages(@Nullable Long oldest, int due) {}

  /** How many rows the tables have, up to {@value #COUNTED_MAX} and one. */
  Map<String, Long> count(Reader reader, Collection<String> tables) {
    if (tables.isEmpty()) {
      return Map.of();
    }
    String sql =
        tables.stream()
            .map(table -> COUNT.formatted(table, COUNTED_MAX + 1))
            .collect(Collectors.joining("UNION ALL\n"));
    var counts = new HashMap<String, Long>();
    reader.read(sql).all(row -> counts.put(row.text("name"), row.number("rows_seen")));
    return counts;
  }

  /** The estimates of the query planner; none on SQLite, which keeps no such figures. */
  Map<String, Long> estimate(Reader reader, Collection<String> tables) {
    if (tables.isEmpty() || reader.dialect() == Dialect.SQLITE) {
      return Map.of();
    }
    String names = tables.stream().map(table -> "'" + table + "'").collect(Collectors.joining(","));
    var estimates = new HashMap<String, Long>();
    reader
        .read(ESTIMATES.formatted(names))
        .all(row -> estimates.put(row.text("name"), row.number("estimate")));
    return estimates;
  }

  /** The ages of the rows of tables that have an age. */
  Map<String, Ages> ages(Reader reader, List<SweptTable> tables, long nowMs) {
    var parts = new ArrayList<String>();
    var before = new ArrayList<Object>();
    for (SweptTable swept : tables) {
      RowAge age = swept.age();
      if (age != null) {
        before.add((nowMs - age.keptFor().toMillis()) / age.unit().toMillis());
        parts.add(
            AGE.formatted(
                swept.table(),
                before.size(),
                age.column(),
                age.order() == null ? age.column() : age.order(),
                RetentionCommand.TableFacts.DUE_MAX));
      }
    }
    if (parts.isEmpty()) {
      return Map.of();
    }
    var ages = new HashMap<String, Ages>();
    reader
        .read(String.join("UNION ALL\n", parts), before.toArray())
        .all(
            row ->
                ages.put(
                    row.text("name"),
                    new Ages(row.numberOrNull("oldest"), (int) row.number("due"))));
    return ages;
  }
}
