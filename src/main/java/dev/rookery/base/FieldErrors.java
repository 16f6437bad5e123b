package dev.rookery.base;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with a command's fields, so that all of it is told at once. */
public final class FieldErrors {
  private final Map<String, List<String>> sentences = new LinkedHashMap<>();

  public FieldErrors add(String field, String sentence) {
    sentences.computeIfAbsent(field, _ -> new ArrayList<>()).add(sentence);
    return this;
  }

  public boolean isEmpty() {
    return sentences.isEmpty();
  }

  public Map<String, List<String>> asMap() {
    return sentences;
  }

  /** Length in Unicode code points, as people count characters. */
  public FieldErrors text(
      String field, @Nullable String value, int charactersMin, int charactersMax) {
    if (value == null) {
      return this;
    }
    if (value.indexOf(0) >= 0) {
      // PostgreSQL cannot hold it, and no person ever typed it.
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

  /** Free data of a client's own, no larger than that as JSON. */
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

  /** Refuses with everything collected, if anything was. */
  public void refuse() {
    if (!sentences.isEmpty()) {
      throw new Refused(new Refusal.Invalid("invalid", sentences));
    }
  }
}
