package dev.rookery.protocol.page;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * The lines on which the values of a JSON text begin, by JSON pointer: {@code /nav_links/0/href}.
 * Of a member it is the line of its name.
 */
final class JsonLines {
  private static final JsonFactory JSON = new JsonFactory();

  private final Map<String, Integer> lines = new HashMap<>();

  private JsonLines() {}

  /** Reads a text that is known to be JSON. */
  static JsonLines of(String json) throws IOException {
    var read = new JsonLines();
    try (JsonParser parser = JSON.createParser(json)) {
      read.add(parser, parser.nextToken(), "");
    }
    return read;
  }

  private void add(JsonParser parser, JsonToken token, String pointer) throws IOException {
    lines.putIfAbsent(pointer, parser.currentTokenLocation().getLineNr());
    if (token == JsonToken.START_OBJECT) {
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String member = pointer + "/" + parser.currentName();
        lines.put(member, parser.currentTokenLocation().getLineNr());
        add(parser, parser.nextToken(), member);
      }
    } else if (token == JsonToken.START_ARRAY) {
      int item = 0;
      for (JsonToken next = parser.nextToken();
          next != JsonToken.END_ARRAY;
          next = parser.nextToken()) {
        add(parser, next, pointer + "/" + item++);
      }
    }
  }

  /** Returns the line of a value, or of the nearest value around it; the first line is 1. */
  int line(String pointer) {
    String at = pointer;
    while (!at.isEmpty() && !lines.containsKey(at)) {
      at = at.substring(0, at.lastIndexOf('/'));
    }
    return lines.getOrDefault(at, 0);
  }
}
