package dev.rookery.store;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The conditions of a statement that is written for a filter, with their values. A filter has few
 * parts, so there are few texts. Not thread-safe.
 */
public final class Conditions {
  private final List<String> conditions = new ArrayList<>();
  private final List<@Nullable Object> values = new ArrayList<>();

  /**
   * Adds a condition, to those that must hold together.
   *
   * @param condition with {@code ?} for each value
   */
  public void add(String condition, Object... given) {
    String text = condition;
    for (Object value : given) {
      text = text.replaceFirst("\\?", "\\" + value(value));
    }
    conditions.add(text);
  }

  /** Adds a value outside of the conditions and returns its placeholder. */
  public String value(Object value) {
    values.add(value);
    return "$" + values.size();
  }

  /** {@code WHERE} with the conditions; empty if there are none. */
  public String text() {
    return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
  }

  public @Nullable Object[] values() {
    return values.toArray();
  }
}
