package dev.rookery.base;

import java.util.Base64;

/**
 * Checks JSON text of a client before a parser reads it: its encoding, its strings and its nesting
 * depth. Every protocol applies it to all JSON that it receives.
 *
 * <p>Parsers, validation and serialization recurse over what was parsed, so a text that is nested
 * too deeply must not reach them. The check itself is one loop over the bytes. It does not check
 * the grammar of JSON, which the parser does.
 */
public final class JsonText {
  /**
   * The deepest nesting of objects and arrays, counted from the outermost value. More than any real
   * data has, and far less than what exhausts the stack of a thread.
   */
  public static final int DEPTH_MAX = 64;

  private static final int ESCAPED_UNIT_CHARS = 4;
  private static final int HEXADECIMAL = 16;

  private JsonText() {}

  /**
   * Whether a parser may read the text: it is UTF-8, is nested at most {@link #DEPTH_MAX} deep, and
   * no string or field name escapes half of a surrogate pair.
   */
  public static boolean isAcceptable(byte[] text) {
    return hasAcceptableStructure(text) && Text.isUtf8(text);
  }

  /**
   * Whether the header and the claims of a JSON Web Token in the compact form may be parsed, which
   * happens before its signature is verified.
   */
  public static boolean isAcceptableToken(String token) {
    int header = token.indexOf('.');
    int claims = token.indexOf('.', header + 1);
    if (header < 0 || claims < 0) {
      return false;
    }
    try {
      var decoder = Base64.getUrlDecoder();
      return isAcceptable(decoder.decode(token.substring(0, header)))
          && isAcceptable(decoder.decode(token.substring(header + 1, claims)));
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static boolean hasAcceptableStructure(byte[] text) {
    int depth = 0;
    boolean inString = false;
    for (int i = 0; i < text.length; i++) {
      byte c = text[i];
      if (c == '"') {
        inString = !inString;
      } else if (inString) {
        if (c == '\\') {
          i = endOfEscape(text, i + 1);
          if (i < 0) {
            return false;
          }
        }
      } else if (c == '{' || c == '[') {
        depth++;
        if (depth > DEPTH_MAX) {
          return false;
        }
      } else if (c == '}' || c == ']') {
        depth--;
      }
    }
    return true;
  }

  /**
   * Returns the index of the last byte of an escape sequence; -1 if it is an unpaired surrogate.
   *
   * @param first the index of the byte after the backslash
   */
  private static int endOfEscape(byte[] text, int first) {
    int unit = escapedUnit(text, first);
    if (unit < 0 || !Character.isSurrogate((char) unit)) {
      return first;
    }
    int end = first + ESCAPED_UNIT_CHARS;
    boolean escaped = end + 1 < text.length && text[end + 1] == '\\';
    int next = escaped ? escapedUnit(text, end + 2) : -1;
    boolean pair = next >= 0 && Character.isSurrogatePair((char) unit, (char) next);
    return pair ? end + 2 + ESCAPED_UNIT_CHARS : -1;
  }

  /** The UTF-16 unit of a sequence such as {@code u00e9}; -1 if there is none. */
  private static int escapedUnit(byte[] text, int first) {
    if (first + ESCAPED_UNIT_CHARS >= text.length || text[first] != 'u') {
      return -1;
    }
    int unit = 0;
    for (int i = first + 1; i <= first + ESCAPED_UNIT_CHARS; i++) {
      int digit = Character.digit((char) (text[i] & 0xff), HEXADECIMAL);
      if (digit < 0) {
        return -1;
      }
      unit = unit * HEXADECIMAL + digit;
    }
    return unit;
  }
}
