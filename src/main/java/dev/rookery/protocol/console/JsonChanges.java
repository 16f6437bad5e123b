package dev.rookery.protocol.console;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What differs between two JSON texts, value by value. */
final class JsonChanges {
  private static final int CHANGES_MAX = 100;
  private static final int VALUE_MAX = 200;
  private static final String NOTHING = "–";

  private final List<Change> changes = new ArrayList<>();

  private JsonChanges() {}

  /**
   * A value that differs.
   *
   * @param path such as {@code board[4]}
   */
  record Change(String path, String from, String to) {}

  /** Returns at most {@value #CHANGES_MAX} differences, in the order of the texts. */
  static List<Change> between(String from, String to) {
    var found = new JsonChanges();
    found.compare("", decode(from), decode(to));
    return List.copyOf(found.changes);
  }

  private static @Nullable Object decode(String text) {
    try {
      return Json.decodeValue(text);
    } catch (DecodeException _) {
      return text;
    }
  }

  private void compare(String path, @Nullable Object from, @Nullable Object to) {
    if (changes.size() >= CHANGES_MAX || Objects.equals(from, to)) {
      return;
    }
    if (from instanceof JsonObject before && to instanceof JsonObject after) {
      var names = new LinkedHashSet<>(before.fieldNames());
      names.addAll(after.fieldNames());
      for (String name : names) {
        compare(
            path.isEmpty() ? name : path + "." + name,
            before.containsKey(name) ? shown(before.getValue(name)) : null,
            after.containsKey(name) ? shown(after.getValue(name)) : null);
      }
    } else if (from instanceof JsonArray before && to instanceof JsonArray after) {
      for (int i = 0; i < Math.max(before.size(), after.size()); i++) {
        compare(
            path + "[" + i + "]",
            i < before.size() ? shown(before.getValue(i)) : null,
            i < after.size() ? shown(after.getValue(i)) : null);
      }
    } else {
      changes.add(new Change(path.isEmpty() ? "all" : path, text(from), text(to)));
    }
  }

  /** A value that is there, so that {@code null} is not taken for one that is not. */
  private static Object shown(@Nullable Object value) {
    return value == null ? "null" : value;
  }

  private static String text(@Nullable Object value) {
    String text = value == null ? NOTHING : value instanceof String s ? s : Json.encode(value);
    return text.length() <= VALUE_MAX ? text : text.substring(0, VALUE_MAX) + "…";
  }
}
