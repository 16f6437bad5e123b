package dev.rookery.protocol.gameflow;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * What a client said: an object with a type. A field of another kind than it should be is
 * malformed.
 */
record ClientMessage(String type, JsonObject fields) {
  private static final ClientMessage STRANGE = new ClientMessage("", new JsonObject());

  /** Cannot be read as what it should be. */
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
            : STRANGE;
      }
    } catch (DecodeException _) {
      // Told as any other message that is none.
    }
    throw new Malformed();
  }

  boolean flag(String name, boolean otherwise) {
    Object value = fields.getValue(name);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw new Malformed();
  }

  String text(String name, String otherwise) {
    String given = text(name);
    return given == null ? otherwise : given;
  }

  int number(String name, int otherwise) {
    Object value = fields.getValue(name);
    if (value == null) {
      return otherwise;
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
