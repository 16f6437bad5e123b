package dev.rookery.console;

import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All rows that a request selects from a list of the console, for downloads and for actions on all
 * of them.
 *
 * @param area of the list, such as {@code lobbies}; the name of its file and of its audit entries
 * @param reads the permission to see the list
 * @param query what was searched for, without personal values, for the audit log
 * @param problems what is wrong with the search, one line each; then no rows are read
 * @param rows reads them in parts
 */
public record ListSelection<T>(
    String area, Permission reads, String query, List<String> problems, Rows<T> rows) {
  /**
   * How the rows are read and shown.
   *
   * @param read reads at most so many rows after the last one, which is null at first
   * @param id names the row in its list
   * @param columns of a download, in their order
   * @param values of a download, by the names of the columns; what is absent is empty
   */
  public record Rows<T>(
      BiFunction<@Nullable T, Integer, Future<List<T>>> read,
      Function<T, Long> id,
      List<String> columns,
      Function<T, Map<String, Object>> values) {}

  public boolean isValid() {
    return problems.isEmpty();
  }
}
