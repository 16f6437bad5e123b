package dev.rookery.store;

import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Converts values for the server and rows from it. */
final class PostgresRows {
  private static final int STATEMENTS_MAX = 2_000;

  /** Column names by statement, computed once. */
  private final Map<String, Columns> columns = new ConcurrentHashMap<>();

  static Tuple tuple(@Nullable Object[] values) {
    Tuple tuple = Tuple.tuple();
    for (Object value : values) {
      tuple.addValue(value instanceof Boolean flag ? Integer.valueOf(flag ? 1 : 0) : value);
    }
    return tuple;
  }

  Rows rows(String sql, RowSet<io.vertx.sqlclient.Row> result) {
    int count = result.size();
    if (count == 0) {
      return new Rows(columns(sql, result), List.of());
    }
    var cells = new ArrayList<@Nullable Object[]>(count);
    for (io.vertx.sqlclient.Row row : result) {
      int width = row.size();
      var values = new @Nullable Object[width];
      for (int column = 0; column < width; column++) {
        values[column] = row.getValue(column);
      }
      cells.add(values);
    }
    return new Rows(columns(sql, result), cells);
  }

  private Columns columns(String sql, RowSet<?> result) {
    Columns cached = columns.get(sql);
    if (cached == null) {
      List<String> names = result.columnsNames();
      cached = new Columns(names == null ? List.of() : names);
      if (columns.size() < STATEMENTS_MAX) {
        columns.put(sql, cached);
      }
    }
    return cached;
  }
}
