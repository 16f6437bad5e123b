package dev.rookery.store;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A list that may have a million rows, in the order of their ids.
 *
 * @param key tells it from other lists of the same {@link LongLists}: what it is filtered by
 * @param id the column of the ids
 * @param matching its statement from {@code FROM} on, without an order
 * @param values those of the statement
 */
public record LongList(
    Object key, String id, boolean newestFirst, String matching, List<@Nullable Object> values) {
  public LongList {
    values = Collections.unmodifiableList(new ArrayList<>(values));
  }

  /** A statement and its values, which are collected while the text is written. */
  static final class Statement {
    private final List<@Nullable Object> values;
    private final StringBuilder text = new StringBuilder();

    private Statement(LongList list) {
      this.values = new ArrayList<>(list.values);
    }

    Statement add(String part) {
      text.append(part);
      return this;
    }

    Statement add(long value) {
      values.add(value);
      text.append('$').append(values.size());
      return this;
    }

    Rows read(Reader reader) {
      return reader.read(text.toString(), values.toArray());
    }
  }

  /** Begins a statement with the values of this one. */
  Statement statement(String part) {
    return new Statement(this).add(part);
  }

  /** All ids, in a subquery that a condition and an order can follow. */
  String ids() {
    return "FROM (SELECT " + id + " AS id " + matching + ") AS listed";
  }

  String ordered(String by) {
    return " ORDER BY " + by + (newestFirst ? " DESC" : "");
  }
}
