package dev.rookery.extension.game;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The options of a game.
 *
 * @param fields in the order in which they are shown; empty if the game has no options
 */
public record ConfigSchema(List<ConfigField> fields) {
  public static final ConfigSchema NONE = new ConfigSchema(List.of());

  public ConfigSchema {
    fields = List.copyOf(fields);
  }

  public boolean isEmpty() {
    return fields.isEmpty();
  }

  /** What is wrong with a value of an option ({@link ConfigField#problemOf}); null if nothing. */
  public @Nullable String problemOf(String key, @Nullable Object value) {
    if (fields.isEmpty()) {
      return "no_schema";
    }
    Optional<ConfigField> field = fields.stream().filter(one -> one.key().equals(key)).findFirst();
    return field.isPresent() ? field.get().problemOf(value) : "unknown_key";
  }

  /** All options: the given values where they are valid, the defaults elsewhere. */
  public JsonObject complete(JsonObject given) {
    var values = new JsonObject();
    for (ConfigField field : fields) {
      Object value = given.getValue(field.key());
      values.put(field.key(), field.problemOf(value) == null ? value : field.defaultValue());
    }
    return values;
  }
}
