package dev.rookery.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table of texts that a statement is given, for one that is about several things at once: {@code
 * FROM %s} in its text, and there {@code given.column1} and so on, to be cast to what they are.
 * Some rows may be of nothing but nulls.
 *
 * <p>PostgreSQL takes each column as an array: a row of values costs it more than most of what is
 * done with one, and with arrays there is one statement for any number of rows. SQLite has no
 * arrays.
 */
public final class ValuesTable {
  private final int width;
  private final List<@Nullable String[]> rows = new ArrayList<>();

  /**
   * @param width how many columns there are
   */
  public ValuesTable(int width) {
    this.width = width;
  }

  /** One more row, of at most {@link Placeholders#MANY_MAX}. */
  public void add(@Nullable Object... row) {
    if (row.length != width) {
      throw new IllegalArgumentException(row.length + " values for " + width + " columns");
    }
    var texts = new @Nullable String[width];
    for (int i = 0; i < width; i++) {
      Object value = row[i];
      texts[i] = value == null ? null : value.toString();
    }
    rows.add(texts);
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /**
   * Runs a statement about the table.
   *
   * @param statement with {@code %s} where it reads from it
   * @param others its first values, {@code $1} and so on
   */
  public Rows run(
      Transaction tx, StatementTexts texts, String statement, @Nullable Object... others) {
    return tx.run(text(tx, texts, statement, others), values(tx, others));
  }

  /** As {@link #run}, for a statement that changes nothing. */
  public Rows read(
      Reader reader, StatementTexts texts, String statement, @Nullable Object... others) {
    return reader.read(text(reader, texts, statement, others), values(reader, others));
  }

  private String text(
      Reader reader, StatementTexts texts, String statement, @Nullable Object[] others) {
    return texts.of(
        statement,
        rows.size(),
        size -> statement.formatted(table(reader.dialect(), 1 + others.length, size)));
  }

  private @Nullable Object[] values(Reader reader, @Nullable Object[] others) {
    return reader.dialect() == Dialect.POSTGRES ? byColumn(others) : byRow(others);
  }

  private String table(Dialect dialect, int first, int count) {
    return switch (dialect) {
      case SQLITE -> "(VALUES " + Placeholders.rows(first, width, count) + ") AS given";
      case POSTGRES -> arrays(first);
    };
  }

  private String arrays(int first) {
    var arrays = new ArrayList<String>();
    var names = new ArrayList<String>();
    for (int i = 0; i < width; i++) {
      arrays.add("CAST($" + (first + i) + " AS TEXT[])");
      names.add("column" + (i + 1));
    }
    return "unnest(%s) AS given (%s)"
        .formatted(String.join(", ", arrays), String.join(", ", names));
  }

  private @Nullable Object[] byRow(@Nullable Object[] others) {
    @Nullable Object[] values =
        Arrays.copyOf(others, others.length + width * Placeholders.room(rows.size()));
    int place = others.length;
    for (@Nullable String[] row : rows) {
      System.arraycopy(row, 0, values, place, width);
      place += width;
    }
    return values;
  }

  private @Nullable Object[] byColumn(@Nullable Object[] others) {
    @Nullable Object[] values = Arrays.copyOf(others, others.length + width);
    for (int column = 0; column < width; column++) {
      var texts = new @Nullable String[rows.size()];
      for (int i = 0; i < texts.length; i++) {
        texts[i] = rows.get(i)[column];
      }
      values[others.length + column] = texts;
    }
    return values;
  }
}
