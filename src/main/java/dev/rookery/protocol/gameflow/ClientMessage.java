package dev.rookery.protocol.gameflow;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * A message of a client: a JSON object with a {@code type}. Reading a field that has the wrong JSON
 * type throws {@link Malformed}.
 */
record ClientMessage(String type, JsonObject fields) {
  private static final ClientMessage WITHOUT_TYPE = new ClientMessage("", new JsonObject());

  /** The message is not a JSON object, or a field has the wrong type. */
  static final class Malformed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Malformed() {
      super("malformed", null, false, false);
    }
  }

  static ClientMessage read(byte[] text) {
    try {
      if (Json.decodeValue(Buffer.buffer(text)) instanceof JsonObject fields) {
        return fields.getValue("type") instanceof String type
            ? new ClientMessage(type, fields)
            : WITHOUT_TYPE;
      }
    } catch (DecodeException _) {
      // Reported like any other malformed message.
    }
    throw new Malformed();
  }

  boolean flag(String name, boolean defaultValue) {
    Object value = fields.getValue(name);
    if (value == null) {
      return defaultValue;
    }
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw new Malformed();
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
