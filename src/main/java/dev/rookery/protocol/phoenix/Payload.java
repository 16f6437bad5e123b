package dev.rookery.protocol.phoenix;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The payload of a frame: JSON text, or binary data. Immutable. */
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

  /** A payload of UTF-8 JSON that is known to be valid. */
  public static Payload json(byte[] text) {
    return new Payload(text, false);
  }

  public static Payload binary(byte[] bytes) {
    return new Payload(bytes, true);
  }

  public boolean isBinary() {
    return binary;
  }

  /** The payload as a JSON object; null if it is anything else. Parsed on each call. */
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

  /** A copy of this object with one more field at the end, whose value is given as JSON text. */
  public Payload withField(String field, String json) {
    boolean first = Arrays.equals(bytes, EMPTY.bytes);
    byte[] prefix = Arrays.copyOf(bytes, bytes.length - 1);
    return json(Json.join("", prefix, (first ? "" : ",") + Json.quote(field) + ":" + json + "}"));
  }

  /** Compares the bytes, not the meaning of the JSON. */
  public boolean hasSameBytes(Payload other) {
    return binary == other.binary && Arrays.equals(bytes, other.bytes);
  }

  byte[] bytes() {
    return bytes;
  }
}
