package dev.rookery.protocol.phoenix;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads and writes the JSON around a payload; the payload itself is passed through as text. */
final class Json {
  // The encoding is not guessed; names chosen by strangers are not interned for ever.
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.CHARSET_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  // Ours are small counters; a client that writes novels there fills our memory, once per topic.
  private static final int REF_BYTES_MAX = 255;

  private final byte[] text;
  private final JsonParser parser;

  Json(byte[] text) throws IOException {
    this.text = text;
    this.parser = FACTORY.createParser(text);
  }

  static String quote(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }

  /** The string that {@link #quote} quoted. */
  static String unquote(String quoted) {
    try {
      var json = new Json(quoted.getBytes(StandardCharsets.UTF_8));
      return json.readString();
    } catch (IOException | MalformedFrameException broken) {
      throw new IllegalStateException(broken);
    }
  }

  static byte[] join(String before, byte[] payload, String after) {
    byte[] head = before.getBytes(StandardCharsets.UTF_8);
    byte[] foot = after.getBytes(StandardCharsets.UTF_8);
    byte[] all = Arrays.copyOf(head, head.length + payload.length + foot.length);
    System.arraycopy(payload, 0, all, head.length, payload.length);
    System.arraycopy(foot, 0, all, head.length + payload.length, foot.length);
    return all;
  }

  JsonToken nextToken() throws IOException, MalformedFrameException {
    JsonToken token = parser.nextToken();
    if (token == null) {
      throw new MalformedFrameException("the text ends early");
    }
    return token;
  }

  void expect(JsonToken expected) throws IOException, MalformedFrameException {
    if (nextToken() != expected) {
      throw new MalformedFrameException("no " + expected);
    }
  }

  String fieldName() throws IOException {
    return parser.currentName();
  }

  /** The string that is next. */
  String readString() throws IOException, MalformedFrameException {
    expect(JsonToken.VALUE_STRING);
    return parser.getText();
  }

  /** The ref that is next, as JSON text: a string or, from careless clients, an integer. */
  @Nullable String readRef() throws IOException, MalformedFrameException {
    String ref =
        switch (nextToken()) {
          case VALUE_NULL -> null;
          case VALUE_STRING -> quote(parser.getText());
          case VALUE_NUMBER_INT -> parser.getText();
          default -> throw new MalformedFrameException("a ref that is no string");
        };
    if (ref != null && ref.length() > REF_BYTES_MAX) {
      throw new MalformedFrameException("a ref of " + ref.length() + " characters");
    }
    return ref;
  }

  /** The value that is next, whatever it is, as its own text. */
  Payload readPayload() throws IOException, MalformedFrameException {
    JsonToken first = nextToken();
    int start = (int) parser.currentTokenLocation().getByteOffset();
    skipValue();
    int end = (int) parser.currentLocation().getByteOffset();
    if (first.isScalarValue()) {
      // Only objects mean anything to anybody; where another value ends is of no interest.
      return Payload.json(new byte[] {'0'});
    }
    return Payload.json(Arrays.copyOfRange(text, start, end));
  }

  /** Reads the current value to its end, checking all of it. */
  void skipValue() throws IOException {
    parser.skipChildren();
    // Strings are decoded only when somebody looks; a broken one must not get through.
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      parser.getTextLength();
    }
  }

  void expectEnd() throws IOException, MalformedFrameException {
    if (parser.nextToken() != null) {
      throw new MalformedFrameException("more than one value");
    }
  }
}
