package dev.rookery.base;

import java.util.Map;

/** Measures a JSON value before it is stored: its size, its nesting depth, and its texts. */
final class JsonShape {
  private long bytes;
  private boolean storable = true;

  private JsonShape() {}

  static JsonShape of(Map<?, ?> value) {
    var shape = new JsonShape();
    shape.value(value, 1);
    return shape;
  }

  /** The size as JSON without white space, in UTF-8 bytes. */
  long bytes() {
    return bytes;
  }

  /** Whether both databases can store the value. */
  boolean storable() {
    return storable;
  }

  private void value(Object value, int depth) {
    if (depth > JsonText.DEPTH_MAX) {
      storable = false;
      return;
    }
    switch (value) {
      case null -> bytes += 4;
      case Map<?, ?> map -> {
        bytes += 2 + Math.max(0, map.size() - 1);
        map.forEach(
            (key, element) -> {
              text(String.valueOf(key));
              bytes += 1;
              value(element, depth + 1);
            });
      }
      case Iterable<?> list -> {
        bytes += 1;
        for (Object element : list) {
          value(element, depth + 1);
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
    storable &= Text.isStorable(text);
    for (int i = 0; i < text.length(); i++) {
      bytes += size(text.charAt(i));
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
    // A surrogate is half of a character that takes four bytes.
    return c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
  }
}
