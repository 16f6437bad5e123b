package dev.rookery.protocol.gameflow;

import dev.rookery.base.JsonText;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A message of a client: a JSON object with a {@code type}. Reading a field that has the wrong JSON
 * type throws {@link Malformed}.
 */
record ClientMessage(String type, JsonObject fields) {
  // The integers below are the ones that a number of JavaScript holds exactly.
  private static final double EXACT_INTEGER_END = 0x1p53;

  private static final ClientMessage WITHOUT_TYPE = new ClientMessage("", new JsonObject());

  /** The message is not a JSON object, or a field has the wrong type. */
  static final class Malformed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Malformed() {
      super("malformed", null, false, false);
    }
  }

  static ClientMessage read(byte[] text) {
    JsonObject fields = readObject(text);
    if (fields == null) {
      throw new Malformed();
    }
    return fields.getValue("type") instanceof String type
        ? new ClientMessage(type, fields)
        : WITHOUT_TYPE;
  }

  /**
   * Parses the JSON text of a client; null if it is not an object, or not {@linkplain JsonText
   * acceptable}.
   */
  static @Nullable JsonObject readObject(byte[] text) {
    if (!JsonText.isAcceptable(text)) {
      return null;
    }
    try {
      // As text, because a parser of bytes would guess their encoding.
      var decoded = new String(text, StandardCharsets.UTF_8);
      return Json.decodeValue(decoded) instanceof JsonObject fields ? fields : null;
    } catch (DecodeException _) {
      return null;
    }
  }

  /**
   * Returns a field of any type as a flag, as JavaScript does: null, false, 0 and an empty string
   * are false. The default counts only if the field is absent.
   */
  boolean flag(String name, boolean defaultValue) {
    return fields.containsKey(name) ? isTruthy(fields.getValue(name)) : defaultValue;
  }

  private static boolean isTruthy(@Nullable Object value) {
    return switch (value) {
      case null -> false;
      case Boolean flag -> flag;
      case Number number -> number.doubleValue() != 0;
      case String text -> !text.isEmpty();
      default -> true;
    };
  }

  /**
   * Returns a field that may be sent as a string or as a number, as the text of it. Null if it is
   * absent, null, false, 0 or empty; an empty string if it is of another type, or no integer.
   */
  @Nullable String lenientText(String name) {
    Object value = fields.getValue(name);
    if (!isTruthy(value)) {
      return null;
    }
    return switch (value) {
      case String text -> text;
      case Number number -> integer(number);
      case null, default -> "";
    };
  }

  private static String integer(Number number) {
    double value = number.doubleValue();
    boolean exact = Math.abs(value) < EXACT_INTEGER_END && value == Math.rint(value);
    return exact ? Long.toString((long) value) : "";
  }

  /** Returns a field if it is a string; null otherwise. */
  @Nullable String textIfAny(String name) {
    return fields.getValue(name) instanceof String text ? text : null;
  }

  String text(String name, String defaultValue) {
    String value = text(name);
    return value == null ? defaultValue : value;
  }

  int number(String name, int defaultValue) {
    Object value = fields.getValue(name);
    if (value == null) {
      return defaultValue;
    }
    if (value instanceof Integer number) {
      return number;
    }
    throw new Malformed();
  }

  @Nullable String text(String name) {
    Object value = fields.getValue(name);
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw new Malformed();
  }
}
