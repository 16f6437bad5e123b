package dev.rookery.store;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one statement, all in memory; they are bounded because every statement is bounded by
 * LIMIT.
 */
public final class Rows {
  private final Columns columns;
  private final List<@Nullable Object[]> cells;

  public Rows(Columns columns, List<@Nullable Object[]> cells) {
    this.columns = columns;
    this.cells = cells;
  }

  public int size() {
    return cells.size();
  }

  public boolean isEmpty() {
    return cells.isEmpty();
  }

  public <T> Optional<T> first(Function<Row, T> read) {
    return cells.isEmpty() ? Optional.empty() : Optional.of(read.apply(row(0)));
  }

  public <T> List<T> all(Function<Row, T> read) {
    return cells.stream().<T>map(cell -> read.apply(new Row(columns, cell))).toList();
  }

  public Row row(int index) {
    return new Row(columns, cells.get(index));
  }
}
