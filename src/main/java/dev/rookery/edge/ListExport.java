package dev.rookery.edge;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Streams all matching rows of a list as CSV or NDJSON, a page at a time, so that neither the node
 * nor the database holds them. At most {@value #ROWS_MAX} rows are sent; after them, a last line
 * says that there are more. Values are raw, times are UTC.
 */
public final class ListExport {
  static final int ROWS_MAX = 1_000_000;

  /** How many rows are read at a time. */
  public static final int PAGE = 500;

  private static final String NAME_OF_MORE = "more";

  /** Before what begins a formula, or could move one to the beginning of a cell. */
  private static final Pattern FORMULA_START =
      Pattern.compile("^(?=[\\t\\r\\n])|(?<=^|[;\\t\\r\\n])(?=[=+\\-@\uff1d\uff0b\uff0d\uff20])");

  /** What a cell without quotes cannot have. */
  private static final String SPECIAL = ",;\"\t\r\n";

  private ListExport() {}

  /** The format of a download. */
  public enum Format {
    CSV("csv", "text/csv; charset=utf-8"),
    NDJSON("ndjson", "application/x-ndjson; charset=utf-8");

    private final String name;
    private final String contentType;

    Format(String name, String contentType) {
      this.name = name;
      this.contentType = contentType;
    }

    /** Returns the format of that name; CSV for any other. */
    public static Format of(String name) {
      return name.equals(NDJSON.name) ? NDJSON : CSV;
    }

    public String text() {
      return name;
    }

    public String contentType() {
      return contentType;
    }

    /** Returns the name of the file for a list. */
    public String file(String list) {
      return list + "." + name;
    }
  }

  /** A part of the list. */
  record Chunk<T>(List<T> items, int sent) {}

  /**
   * Reads the list and sends it.
   *
   * @param columns the names of the columns, in their order
   * @param read reads at most so many items after the last one, which is null at first; none at the
   *     end of the list
   * @param values the values of an item by the names of the columns
   */
  public static <T> Future<ChunkedBody> of(
      Format format,
      List<String> columns,
      BiFunction<@Nullable T, Integer, Future<List<T>>> read,
      Function<T, Map<String, Object>> values) {
    boolean csv = format == Format.CSV;
    return ChunkedBody.<Chunk<T>, Chunk<T>>of(
        before -> {
          @Nullable T last = before == null ? null : before.items().getLast();
          int sent = before == null ? 0 : before.sent();
          return read.apply(last, PAGE).map(items -> new Chunk<>(items, sent + items.size()));
        },
        chunk -> {
          var text = new StringBuilder();
          if (csv && chunk.sent() == chunk.items().size()) {
            text.append(csvLine(List.copyOf(columns)));
          }
          for (T item : chunk.items()) {
            Map<String, Object> row = values.apply(item);
            text.append(csv ? csvRow(columns, row) : jsonRow(columns, row));
          }
          if (isCut(chunk)) {
            text.append(
                csv
                    ? csvLine(List.of("cut after " + ROWS_MAX + " rows"))
                    : JsonObject.of(NAME_OF_MORE, true).encode() + "\n");
          }
          return text.toString();
        },
        chunk -> chunk.items().isEmpty() || isCut(chunk) ? null : chunk);
  }

  private static boolean isCut(Chunk<?> chunk) {
    return chunk.sent() >= ROWS_MAX;
  }

  private static String csvRow(List<String> columns, Map<String, Object> row) {
    List<Object> cells = new ArrayList<>();
    columns.forEach(column -> cells.add(row.getOrDefault(column, "")));
    return csvLine(cells);
  }

  private static String csvLine(List<?> cells) {
    var line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      line.append(i == 0 ? "" : ",").append(csvCell(cells.get(i)));
    }
    return line.append("\r\n").toString();
  }

  /**
   * A cell that a spreadsheet shows as text, and never computes as a formula. One that separates
   * columns by semicolons or tabs sees cells inside of this one, whether it is quoted or not.
   */
  static String csvCell(Object value) {
    String text = value.toString();
    if (!(value instanceof Number)) {
      text = FORMULA_START.matcher(text).replaceAll("'");
    }
    boolean quoted = text.chars().anyMatch(c -> SPECIAL.indexOf(c) >= 0);
    return quoted ? "\"" + text.replace("\"", "\"\"") + "\"" : text;
  }

  private static String jsonRow(List<String> columns, Map<String, Object> row) {
    var json = new JsonObject();
    columns.forEach(column -> json.put(column, row.get(column)));
    return json.encode() + "\n";
  }
}
