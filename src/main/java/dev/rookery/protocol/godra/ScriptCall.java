package dev.rookery.protocol.godra;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.rookery.base.JsonText;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of a call over HTTP: {@code {"script", "args", "keys"}}. */
record ScriptCall(String script, List<byte[]> keys, List<byte[]> args) {
  private static final int KEY_BYTES_MAX = 1_024;
  private static final JsonFactory JSON = new JsonFactory();

  /**
   * Reads a body. The user's id stands before the arguments.
   *
   * @throws InvalidCall with the answer for the client
   */
  static ScriptCall read(@Nullable Buffer body, String user, GodraSettings settings)
      throws InvalidCall {
    byte[] bytes = body == null ? new byte[0] : body.getBytes();
    if (!JsonText.isAcceptable(bytes)) {
      throw InvalidCall.BODY;
    }
    try (JsonParser json = JSON.createParser(bytes)) {
      return read(json, user, settings);
    } catch (IOException _) {
      throw InvalidCall.BODY;
    }
  }

  private static ScriptCall read(JsonParser json, String user, GodraSettings settings)
      throws IOException, InvalidCall {
    String script = null;
    var keys = new ArrayList<byte[]>(2);
    var args = new ArrayList<byte[]>(4);
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw InvalidCall.BODY;
    }
    for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
      JsonToken value = json.nextToken();
      switch (field) {
        case "script" -> script = value == JsonToken.VALUE_NULL ? null : string(json);
        case "keys" -> readKeys(json, keys, settings.keysMax());
        case "args" -> {
          args.clear();
          args.add(user.getBytes(StandardCharsets.UTF_8));
          readArgs(json, args, settings.argsMax() + 1);
        }
        default -> json.skipChildren();
      }
    }
    if (json.currentToken() != JsonToken.END_OBJECT || json.nextToken() != null) {
      throw InvalidCall.BODY;
    }
    if (script == null || script.isEmpty()) {
      throw InvalidCall.SCRIPT;
    }
    if (args.isEmpty()) {
      args.add(user.getBytes(StandardCharsets.UTF_8));
    }
    return new ScriptCall(script, keys, args);
  }

  private static String string(JsonParser json) throws IOException, InvalidCall {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      throw InvalidCall.BODY;
    }
    return json.getText();
  }

  /** Goes to the first element of an array; null counts as an empty one. */
  private static boolean enterArray(JsonParser json) throws InvalidCall {
    return switch (json.currentToken()) {
      case START_ARRAY -> true;
      case VALUE_NULL -> false;
      case null, default -> throw InvalidCall.BODY;
    };
  }

  private static void readKeys(JsonParser json, List<byte[]> keys, int max)
      throws IOException, InvalidCall {
    keys.clear();
    if (!enterArray(json)) {
      return;
    }
    while (json.nextToken() != JsonToken.END_ARRAY) {
      byte[] key = string(json).getBytes(StandardCharsets.UTF_8);
      if (key.length > KEY_BYTES_MAX || keys.size() == max) {
        throw InvalidCall.BODY;
      }
      keys.add(key);
    }
  }

  private static void readArgs(JsonParser json, List<byte[]> args, int max)
      throws IOException, InvalidCall {
    if (!enterArray(json)) {
      return;
    }
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (args.size() == max) {
        throw InvalidCall.BODY;
      }
      args.add(text(json).getBytes(StandardCharsets.UTF_8));
    }
  }

  /**
   * An argument as a script sees it: a string as it is, a number in its shortest decimal form
   * without an exponent, null as an empty string, and all else as JSON.
   */
  private static String text(JsonParser json) throws IOException, InvalidCall {
    return switch (json.currentToken()) {
      case VALUE_STRING -> json.getText();
      case VALUE_NUMBER_INT -> json.getNumberValue().toString();
      case VALUE_NUMBER_FLOAT -> shortest(json.getDoubleValue());
      case VALUE_TRUE -> "true";
      case VALUE_FALSE -> "false";
      case VALUE_NULL -> "";
      case START_ARRAY, START_OBJECT -> {
        var copy = new StringWriter();
        try (JsonGenerator target = JSON.createGenerator(copy)) {
          target.copyCurrentStructure(json);
        }
        yield copy.toString();
      }
      case null, default -> throw InvalidCall.BODY;
    };
  }

  private static String shortest(double number) throws InvalidCall {
    if (!Double.isFinite(number)) {
      // A number of the body that is too large for a double.
      throw InvalidCall.BODY;
    }
    long whole = (long) number;
    return whole == number && Math.abs(whole) < 1L << 53
        ? Long.toString(whole)
        : new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
  }

  /** Why a body is no call; the message is the answer. */
  static final class InvalidCall extends Exception {
    private static final long serialVersionUID = 1L;
    static final InvalidCall BODY = new InvalidCall("Invalid request body");
    static final InvalidCall SCRIPT = new InvalidCall("Script name required");

    private InvalidCall(String message) {
      super(message, null, false, false);
    }
  }
}
