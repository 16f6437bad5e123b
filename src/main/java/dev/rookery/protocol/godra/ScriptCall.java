package dev.rookery.protocol.godra;

import dev.rookery.base.JsonText;
import dev.rookery.base.Text;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of a call over HTTP: {@code {"script", "args", "keys"}}. */
record ScriptCall(String script, List<byte[]> keys, List<byte[]> args) {
  private static final int KEY_BYTES_MAX = 1_024;

  /**
   * Reads a body. The user's id stands before the arguments.
   *
   * @throws InvalidCall with the answer for the client
   */
  static ScriptCall read(@Nullable Buffer body, String user, GodraSettings settings)
      throws InvalidCall {
    JsonObject json = parse(body);
    Object script = json.getValue("script");
    if (script != null && !(script instanceof String)) {
      throw InvalidCall.BODY;
    }
    List<byte[]> keys = keys(json.getValue("keys"), settings.keysMax());
    List<byte[]> args = args(json.getValue("args"), user, settings.argsMax());
    if (!(script instanceof String name) || name.isEmpty()) {
      throw InvalidCall.SCRIPT;
    }
    return new ScriptCall(name, keys, args);
  }

  private static JsonObject parse(@Nullable Buffer body) throws InvalidCall {
    byte[] bytes = body == null ? new byte[0] : body.getBytes();
    if (!JsonText.isAcceptable(bytes)) {
      throw InvalidCall.BODY;
    }
    try {
      return new JsonObject(new String(bytes, StandardCharsets.UTF_8));
    } catch (DecodeException _) {
      throw InvalidCall.BODY;
    }
  }

  private static List<byte[]> keys(@Nullable Object given, int max) throws InvalidCall {
    JsonArray array = array(given, max);
    var keys = new ArrayList<byte[]>(array.size());
    for (Object key : array.getList()) {
      if (!(key instanceof String text)) {
        throw InvalidCall.BODY;
      }
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      if (bytes.length > KEY_BYTES_MAX) {
        throw InvalidCall.BODY;
      }
      keys.add(bytes);
    }
    return keys;
  }

  private static List<byte[]> args(@Nullable Object given, String user, int max)
      throws InvalidCall {
    JsonArray array = array(given, max);
    var args = new ArrayList<byte[]>(array.size() + 1);
    args.add(user.getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < array.size(); i++) {
      args.add(text(array.getValue(i)).getBytes(StandardCharsets.UTF_8));
    }
    return args;
  }

  private static JsonArray array(@Nullable Object given, int max) throws InvalidCall {
    return switch (given) {
      case null -> new JsonArray();
      case JsonArray array when array.size() <= max -> array;
      default -> throw InvalidCall.BODY;
    };
  }

  /**
   * An argument as a script sees it: a string as it is, a number in its shortest decimal form
   * without an exponent, null as an empty string, and all else as JSON.
   */
  private static String text(@Nullable Object value) throws InvalidCall {
    return switch (value) {
      case null -> "";
      case String text -> Text.isWellFormed(text) ? text : "";
      case Double number -> shortest(number);
      case Number number -> number.toString();
      case JsonObject object -> object.encode();
      case JsonArray array -> array.encode();
      default -> String.valueOf(value);
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
