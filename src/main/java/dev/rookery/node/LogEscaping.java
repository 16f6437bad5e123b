package dev.rookery.node;

import java.util.HexFormat;

/**
 * Escapes the characters of a log line that could end it, hide a part of it or command a terminal:
 * control characters, line and paragraph separators, and the marks that reverse the direction of
 * text. What a client sent (a path, a header, a name) then cannot look like a line of its own.
 */
final class LogEscaping {
  private LogEscaping() {}

  /** The text with a JSON escape in place of each such character, such as {@code \u000a}. */
  static String escape(String text) {
    int first = 0;
    while (first < text.length() && !isUnsafe(text.charAt(first))) {
      first++;
    }
    if (first == text.length()) {
      return text;
    }
    var escaped = new StringBuilder(text.length() + 32).append(text, 0, first);
    for (int i = first; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isUnsafe(c)) {
        escaped.append("\\u").append(HexFormat.of().toHexDigits(c));
      } else {
        escaped.append(c);
      }
    }
    return escaped.toString();
  }

  private static boolean isUnsafe(char c) {
    return c < ' '
        || (c >= 0x7f && c <= 0x9f)
        || (c >= 0x200e && c <= 0x200f)
        || (c >= 0x2028 && c <= 0x202e)
        || (c >= 0x2066 && c <= 0x2069)
        || c == 0x061c;
  }
}
