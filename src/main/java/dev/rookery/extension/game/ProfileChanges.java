package dev.rookery.extension.game;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Operations that change a profile, as lists; lists are joined with {@link JsonArray#addAll}. */
public final class ProfileChanges {
  private ProfileChanges() {}

  /** Adds a number to a field. */
  public static JsonArray increment(String field, long by) {
    return operation("inc", field, by);
  }

  /** Sets a field to a JSON value. */
  public static JsonArray set(String field, @Nullable Object value) {
    return operation("set", field, value);
  }

  /** Adds a JSON value to a field that is a list. */
  public static JsonArray append(String field, @Nullable Object value) {
    return operation("push", field, value);
  }

  private static JsonArray operation(String name, String field, @Nullable Object value) {
    return JsonArray.of(
        new JsonObject().put("op", name).put("path", JsonArray.of(field)).put("value", value));
  }
}
