package dev.rookery.protocol.phoenix;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What a frame carries: JSON text, or bytes that mean something to their reader alone. */
public final class Payload {
  public static final Payload EMPTY = new Payload("{}".getBytes(StandardCharsets.UTF_8), false);

  private final byte[] bytes;
  private final boolean binary;

  private Payload(byte[] bytes, boolean binary) {
    this.bytes = bytes;
    this.binary = binary;
  }

  public static Payload of(JsonObject object) {
    return json(object.toBuffer().getBytes());
  }

  /** JSON in UTF-8, already known to be valid. */
  static Payload json(byte[] text) {
    return new Payload(text, false);
  }

  public static Payload binary(byte[] bytes) {
    return new Payload(bytes, true);
  }

  public boolean isBinary() {
    return binary;
  }

  /** As a JSON object; null if it is anything else. Parsed at each call. */
  public @Nullable JsonObject asObject() {
    if (binary || bytes[0] != '{') {
      return null;
    }
    try {
      return new JsonObject(Buffer.buffer(bytes));
    } catch (DecodeException _) {
      return null;
    }
  }

  /** The same object with one more field, its last. {@code json} is its value, as text. */
  public Payload withField(String field, String json) {
    boolean first = Arrays.equals(bytes, EMPTY.bytes);
    byte[] head = Arrays.copyOf(bytes, bytes.length - 1);
    return json(Json.join("", head, (first ? "" : ",") + Json.quote(field) + ":" + json + "}"));
  }

  /** Compares the text, not its meaning. */
  public boolean hasSameBytes(Payload other) {
    return binary == other.binary && Arrays.equals(bytes, other.bytes);
  }

  byte[] bytes() {
    return bytes;
  }
}
