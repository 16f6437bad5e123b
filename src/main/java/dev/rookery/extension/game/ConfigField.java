package dev.rookery.extension.game;

import io.vertx.core.json.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An option of a game that the host of a room sets (openturn contract, 1.2). */
public sealed interface ConfigField {
  String key();

  String label();

  /** A JSON value. */
  Object defaultValue();

  /**
   * What is wrong with a value, as the contract words it (3.3): {@code expected_number}, {@code
   * below_min: 1}. Null if nothing is.
   */
  @Nullable String problemOf(@Nullable Object value);

  /**
   * A finite number.
   *
   * @param step for the user interface alone
   */
  record NumberField(
      String key,
      String label,
      @Nullable String description,
      Number defaultValue,
      @Nullable Number min,
      @Nullable Number max,
      @Nullable Number step,
      @Nullable String unit)
      implements ConfigField {
    @Override
    public @Nullable String problemOf(@Nullable Object value) {
      if (!(value instanceof Number number) || !Double.isFinite(number.doubleValue())) {
        return "expected_number";
      }
      if (min != null && number.doubleValue() < min.doubleValue()) {
        return "below_min: " + min;
      }
      return max != null && number.doubleValue() > max.doubleValue() ? "above_max: " + max : null;
    }
  }

  /** True or false. */
  record BooleanField(String key, String label, @Nullable String description, Boolean defaultValue)
      implements ConfigField {
    @Override
    public @Nullable String problemOf(@Nullable Object value) {
      return value instanceof Boolean ? null : "expected_boolean";
    }
  }

  /**
   * One of several JSON values.
   *
   * @param options at least one
   */
  record EnumField(
      String key,
      String label,
      @Nullable String description,
      Object defaultValue,
      List<Object> options)
      implements ConfigField {
    public EnumField {
      options = List.copyOf(options);
      if (options.isEmpty()) {
        throw new IllegalArgumentException("the option " + key + " has no values");
      }
    }

    @Override
    public @Nullable String problemOf(@Nullable Object value) {
      String text = Json.encode(value);
      return options.stream().map(Json::encode).anyMatch(text::equals)
          ? null
          : "not_in_options: " + text;
    }
  }
}
