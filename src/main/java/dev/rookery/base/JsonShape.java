package dev.rookery.base;

import java.util.Map;

/**
 * What has to be known of free data before it is stored: how large it is as JSON, how deep, and
 * whether it holds the one character that PostgreSQL cannot.
 */
final class JsonShape {
  /** Far beyond any use, and far below what a parser or a database gives up at. */
  static final int DEPTH_MAX = 64;

  private long bytes;
  private boolean storable = true;

  private JsonShape() {}

  static JsonShape of(Map<?, ?> value) {
    var shape = new JsonShape();
    shape.value(value, 1);
    return shape;
  }

  /** UTF-8 bytes of the JSON without white space. */
  long bytes() {
    return bytes;
  }

  boolean storable() {
    return storable;
  }

  private void value(Object value, int depth) {
    if (depth > DEPTH_MAX) {
      storable = false;
      return;
    }
    switch (value) {
      case null -> bytes += 4;
      case Map<?, ?> map -> {
        bytes += 2 + Math.max(0, map.size() - 1);
        map.forEach(
            (key, held) -> {
              text(String.valueOf(key));
              bytes += 1;
              value(held, depth + 1);
            });
      }
      case Iterable<?> list -> {
        bytes += 1;
        for (Object held : list) {
          value(held, depth + 1);
          bytes += 1;
        }
        bytes += list.iterator().hasNext() ? 0 : 1;
      }
      case Number number -> bytes += number.toString().length();
      case Boolean flag -> bytes += flag ? 4 : 5;
      default -> text(value.toString());
    }
  }

  private void text(String text) {
    bytes += 2;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        storable = false;
      }
      bytes += size(c);
    }
  }

  private static int size(char c) {
    if (c < ' ') {
      return c == '\n' || c == '\r' || c == '\t' || c == '\b' || c == '\f' ? 2 : 6;
    }
    if (c == '"' || c == '\\') {
      return 2;
    }
    if (c < 0x80) {
      return 1;
    }
    // A surrogate is half of a character of four bytes.
    return c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
  }
}
