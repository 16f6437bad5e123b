package dev.rookery.base;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Collects the validation errors of a command's fields, so that all of them are reported at once.
 */
public final class FieldErrors {
  private final Map<String, List<String>> messages = new LinkedHashMap<>();

  /** Adds an error of a field. */
  public FieldErrors add(String field, String message) {
    messages.computeIfAbsent(field, _ -> new ArrayList<>()).add(message);
    return this;
  }

  public boolean isEmpty() {
    return messages.isEmpty();
  }

  /** The messages by field, in the order in which they were added. */
  public Map<String, List<String>> asMap() {
    return messages;
  }

  /** Checks a text's length, counted in Unicode code points; null is accepted. */
  public FieldErrors text(
      String field, @Nullable String value, int charactersMin, int charactersMax) {
    if (value == null) {
      return this;
    }
    if (!Text.isStorable(value)) {
      return add(field, "is invalid");
    }
    int characters = value.codePointCount(0, value.length());
    if (characters < charactersMin) {
      add(field, "should be at least " + charactersMin + " character(s)");
    } else if (characters > charactersMax) {
      add(field, "should be at most " + charactersMax + " character(s)");
    }
    return this;
  }

  /**
   * Checks a name or a title that other people see: its length in code points and the rules of
   * {@link VisibleText}; null is accepted.
   */
  public FieldErrors visibleLine(String field, @Nullable String value, int charactersMax) {
    return value == null
        ? this
        : visible(field, value, charactersMax, VisibleText.faultsOfLine(value));
  }

  /** As {@link #visibleLine}, for a text that may have several lines. */
  public FieldErrors visibleLines(String field, @Nullable String value, int charactersMax) {
    return value == null
        ? this
        : visible(field, value, charactersMax, VisibleText.faultsOfLines(value));
  }

  private FieldErrors visible(String field, String value, int charactersMax, List<String> faults) {
    faults.forEach(fault -> add(field, fault));
    return Text.isStorable(value) ? text(field, value, 0, charactersMax) : this;
  }

  /** Checks that a number lies between {@code min} and {@code max}; null is accepted. */
  public FieldErrors number(String field, @Nullable Integer value, int min, int max) {
    if (value == null) {
      return this;
    }
    if (value < min) {
      add(field, min == 1 ? "must be greater than 0" : "must be greater than or equal to " + min);
    } else if (value > max) {
      add(field, "must be less than or equal to " + max);
    }
    return this;
  }

  /**
   * Checks that a JSON object can be stored and is not larger than {@code bytesMax} as JSON; null
   * is accepted.
   */
  public FieldErrors object(String field, @Nullable Map<String, Object> value, int bytesMax) {
    if (value == null) {
      return this;
    }
    JsonShape shape = JsonShape.of(value);
    if (!shape.storable()) {
      add(field, "is invalid");
    } else if (shape.bytes() > bytesMax) {
      add(field, "is too large (max " + bytesMax + " bytes)");
    }
    return this;
  }

  /** Throws {@link Refusal.Invalid} with all collected errors; does nothing if there are none. */
  public void refuse() {
    if (!messages.isEmpty()) {
      throw new Refused(new Refusal.Invalid("invalid", messages));
    }
  }
}
