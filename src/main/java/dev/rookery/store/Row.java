package dev.rookery.store;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One row of a result. Numbers are read as long, whatever the database's type; booleans are stored
 * as 0 or 1.
 */
public final class Row {
  private final Columns columns;
  private final @Nullable Object[] cells;

  Row(Columns columns, @Nullable Object[] cells) {
    this.columns = columns;
    this.cells = cells;
  }

  public String text(String column) {
    return Objects.requireNonNull(textOrNull(column), column);
  }

  public @Nullable String textOrNull(String column) {
    return (String) cells[columns.index(column)];
  }

  public long number(String column) {
    return Objects.requireNonNull(numberOrNull(column), column);
  }

  public @Nullable Long numberOrNull(String column) {
    Object cell = cells[columns.index(column)];
    return cell == null ? null : ((Number) cell).longValue();
  }

  public boolean flag(String column) {
    return number(column) != 0;
  }
}
