package dev.rookery.protocol.phoenix;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.rookery.base.JsonText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A streaming parser for the JSON envelope of a frame, with helpers to write one. The payload is
 * validated but passed on as text.
 */
final class Json {
  // The encoding is always UTF-8; field names from clients are not interned, because they would
  // stay in memory.
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.CHARSET_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  // Clients use small counters; longer refs would let a client fill memory, once per topic.
  private static final int REF_BYTES_MAX = 255;

  private final byte[] text;
  private final JsonParser parser;

  /**
   * @throws MalformedFrameException if the text is not {@linkplain JsonText acceptable}
   */
  Json(byte[] text) throws IOException, MalformedFrameException {
    if (!JsonText.isAcceptable(text)) {
      throw new MalformedFrameException("the text is not UTF-8, or is nested too deeply");
    }
    this.text = text;
    this.parser = FACTORY.createParser(text);
  }

  static String quote(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }

  /** The inverse of {@link #quote}. */
  static String unquote(String quoted) {
    try {
      var json = new Json(quoted.getBytes(StandardCharsets.UTF_8));
      return json.readString();
    } catch (IOException | MalformedFrameException broken) {
      throw new IllegalStateException(broken);
    }
  }

  static byte[] join(String before, byte[] payload, String after) {
    byte[] prefix = before.getBytes(StandardCharsets.UTF_8);
    byte[] suffix = after.getBytes(StandardCharsets.UTF_8);
    byte[] all = Arrays.copyOf(prefix, prefix.length + payload.length + suffix.length);
    System.arraycopy(payload, 0, all, prefix.length, payload.length);
    System.arraycopy(suffix, 0, all, prefix.length + payload.length, suffix.length);
    return all;
  }

  JsonToken nextToken() throws IOException, MalformedFrameException {
    JsonToken token = parser.nextToken();
    if (token == null) {
      throw new MalformedFrameException("the JSON is truncated");
    }
    return token;
  }

  void expect(JsonToken expected) throws IOException, MalformedFrameException {
    if (nextToken() != expected) {
      throw new MalformedFrameException("expected " + expected);
    }
  }

  String fieldName() throws IOException {
    return parser.currentName();
  }

  /** Reads the next value, which must be a string. */
  String readString() throws IOException, MalformedFrameException {
    expect(JsonToken.VALUE_STRING);
    return parser.getText();
  }

  /**
   * Reads the next value as a ref, as JSON text: null, a string, or an integer, which some clients
   * send.
   */
  @Nullable String readRef() throws IOException, MalformedFrameException {
    String ref =
        switch (nextToken()) {
          case VALUE_NULL -> null;
          case VALUE_STRING -> quote(parser.getText());
          case VALUE_NUMBER_INT -> parser.getText();
          default -> throw new MalformedFrameException("a ref is not a string");
        };
    if (ref != null && ref.length() > REF_BYTES_MAX) {
      throw new MalformedFrameException(
          "a ref has " + ref.length() + " characters, the maximum is " + REF_BYTES_MAX);
    }
    return ref;
  }

  /** Reads the next value of any type, as JSON text. */
  Payload readPayload() throws IOException, MalformedFrameException {
    JsonToken first = nextToken();
    int start = (int) parser.currentTokenLocation().getByteOffset();
    skipValue();
    int end = (int) parser.currentLocation().getByteOffset();
    if (first.isScalarValue()) {
      // Channels use objects only, and the parser does not report where a scalar ends.
      return Payload.json(new byte[] {'0'});
    }
    return Payload.json(Arrays.copyOfRange(text, start, end));
  }

  /** Skips the current value to its end, validating all of it. */
  void skipValue() throws IOException {
    parser.skipChildren();
    // Strings are decoded on access only; a malformed one must be detected.
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      parser.getTextLength();
    }
  }

  void expectEnd() throws IOException, MalformedFrameException {
    if (parser.nextToken() != null) {
      throw new MalformedFrameException("there is more than one value");
    }
  }
}
