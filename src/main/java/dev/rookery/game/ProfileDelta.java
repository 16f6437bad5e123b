package dev.rookery.game;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Changes of a profile as a list of operations (openturn contract, 1.10). {@link #apply} works on a
 * copy: the first operation that cannot be applied leaves everything as it was.
 */
public final class ProfileDelta {
  /** Maximum length of a profile, in UTF-16 units of its JSON text. */
  public static final int PROFILE_MAX = 64 << 10;

  private static final int OPERATIONS_MAX = 1_000;
  private static final String VALUE = "value";

  private ProfileDelta() {}

  /** An operation cannot be applied; the message is the code of the contract. */
  public static final class InvalidDeltaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvalidDeltaException(String code) {
      super(code, null, false, false);
    }
  }

  /**
   * Applies a list of operations to a profile.
   *
   * @param profile JSON text
   * @return JSON text
   * @throws InvalidDeltaException if one of them cannot be applied, or the profile becomes too
   *     large
   */
  public static String apply(String profile, JsonArray operations) {
    if (operations.size() > OPERATIONS_MAX) {
      throw new InvalidDeltaException("invalid_delta");
    }
    // A wrapper, so that the root is a field like any other.
    var wrapper = new JsonArray().add(Json.decodeValue(profile));
    for (Object each : operations) {
      if (!(each instanceof JsonObject operation)
          || !(operation.getValue("op") instanceof String op)
          || !(operation.getValue("path") instanceof JsonArray path)) {
        throw new InvalidDeltaException("invalid_delta");
      }
      applyOne(wrapper, op, path, operation.getValue(VALUE));
    }
    String changed = Json.encode(wrapper.getValue(0));
    if (changed.length() > PROFILE_MAX) {
      throw new InvalidDeltaException("profile_too_large");
    }
    return changed;
  }

  private static void applyOne(
      JsonArray wrapper, String op, JsonArray path, @Nullable Object value) {
    if (path.isEmpty()) {
      if (!op.equals("set")) {
        throw new InvalidDeltaException("empty_path");
      }
      wrapper.set(0, value);
      return;
    }
    Object container = wrapper.getValue(0);
    for (int i = 0; i < path.size() - 1; i++) {
      container = child(container, path.getValue(i));
    }
    Object last = path.getValue(path.size() - 1);
    switch (op) {
      case "set" -> put(container, last, value);
      case "inc" -> put(container, last, sum(find(container, last), value));
      case "push" -> {
        if (!(find(container, last) instanceof JsonArray list)) {
          throw new InvalidDeltaException("type_mismatch");
        }
        list.add(value);
      }
      case "remove" -> remove(container, last);
      default -> throw new InvalidDeltaException("invalid_delta");
    }
  }

  private static Object child(@Nullable Object container, @Nullable Object segment) {
    Object found = find(container, segment);
    if (found == null) {
      throw new InvalidDeltaException("missing_path");
    }
    return found;
  }

  private static @Nullable Object find(@Nullable Object container, @Nullable Object segment) {
    return switch (container) {
      case JsonObject object -> object.getValue(String.valueOf(segment));
      case JsonArray list -> {
        int index = index(segment);
        yield index < list.size() ? list.getValue(index) : null;
      }
      case null, default -> throw new InvalidDeltaException("invalid_container");
    };
  }

  private static int index(@Nullable Object segment) {
    if (!(segment instanceof Number number)
        || number.intValue() < 0
        || number.doubleValue() != number.intValue()) {
      throw new InvalidDeltaException("out_of_range");
    }
    return number.intValue();
  }

  private static Number sum(@Nullable Object present, @Nullable Object added) {
    if (!(added instanceof Number by) || present != null && !(present instanceof Number)) {
      throw new InvalidDeltaException("type_mismatch");
    }
    double total = (present instanceof Number number ? number.doubleValue() : 0) + by.doubleValue();
    if (total == Math.rint(total) && Math.abs(total) < 1L << 53) {
      return (long) total;
    }
    return total;
  }

  private static void put(
      @Nullable Object container, @Nullable Object segment, @Nullable Object value) {
    switch (container) {
      case JsonObject object -> object.put(String.valueOf(segment), value);
      case JsonArray list -> {
        int index = index(segment);
        if (index > list.size()) {
          throw new InvalidDeltaException("out_of_range");
        }
        if (index == list.size()) {
          list.add(value);
        } else {
          list.set(index, value);
        }
      }
      case null, default -> throw new InvalidDeltaException("invalid_container");
    }
  }

  private static void remove(@Nullable Object container, @Nullable Object segment) {
    switch (container) {
      case JsonObject object -> {
        String key = String.valueOf(segment);
        if (!object.containsKey(key)) {
          throw new InvalidDeltaException("missing_path");
        }
        object.remove(key);
      }
      case JsonArray list -> {
        int index = index(segment);
        if (index >= list.size()) {
          throw new InvalidDeltaException("out_of_range");
        }
        list.remove(index);
      }
      case null, default -> throw new InvalidDeltaException("invalid_container");
    }
  }

  /** The profiles with the changes of the players among them. */
  public static Map<String, String> apply(Map<String, String> profiles, JsonObject delta) {
    var changed = new HashMap<>(profiles);
    for (Map.Entry<String, Object> entry : delta) {
      String present = changed.get(entry.getKey());
      if (present != null) {
        if (!(entry.getValue() instanceof JsonArray operations)) {
          throw new InvalidDeltaException("invalid_delta");
        }
        changed.put(entry.getKey(), apply(present, operations));
      }
    }
    return changed;
  }
}
