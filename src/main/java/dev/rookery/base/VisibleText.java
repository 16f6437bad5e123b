package dev.rookery.base;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The rules for text that other people see: names, titles, messages.
 *
 * <p>The text has no control characters and no noncharacters, leaves no bidirectional formatting
 * open, which would turn around what is shown after it, and has at least one visible character.
 * Everything else is kept as it is: emoji sequences and many scripts are written with invisible
 * joiners and selectors.
 */
public final class VisibleText {
  private static final char LINE_SEPARATOR = '\u2028';
  private static final char PARAGRAPH_SEPARATOR = '\u2029';
  private static final char POP_FORMATTING = '\u202c';
  private static final char POP_ISOLATE = '\u2069';

  private VisibleText() {}

  /** Returns what is wrong with a name or a title, which is one line. Empty if nothing is. */
  public static List<String> faultsOfLine(String text) {
    return faults(text, false);
  }

  /** Returns what is wrong with a text that may have several lines. Empty if nothing is. */
  public static List<String> faultsOfLines(String text) {
    return faults(text, true);
  }

  private static List<String> faults(String text, boolean lineFeeds) {
    if (isPlain(text)) {
      return List.of();
    }
    if (!Text.isStorable(text)) {
      return List.of("is invalid");
    }
    if (!hasVisible(text)) {
      return List.of("can't be blank");
    }
    var faults = new ArrayList<String>();
    if (text.codePoints().anyMatch(c -> isControl(c, lineFeeds))) {
      faults.add("must not contain control characters");
    }
    if (text.codePoints().anyMatch(VisibleText::isNoncharacter)) {
      faults.add("must not contain noncharacters");
    }
    if (!isBidiClosed(text)) {
      faults.add("must close its bidirectional formatting");
    }
    return faults;
  }

  /** Whether the text is printable ASCII and not blank, as nearly all is. */
  private static boolean isPlain(String text) {
    boolean blank = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~') {
        return false;
      }
      blank &= c == ' ';
    }
    return !blank;
  }

  /** Replaces the line ends of Windows and the separators of Unicode by line feeds. */
  public static String withLineFeeds(String text) {
    return (text.indexOf('\r') < 0 ? text : text.replace("\r\n", "\n"))
        .replace(LINE_SEPARATOR, '\n')
        .replace(PARAGRAPH_SEPARATOR, '\n');
  }

  /**
   * Makes a valid line of any text, such as a name at an identity provider: replaces control
   * characters by spaces, removes what cannot be shown, and cuts the text after at most {@code max}
   * code points, never within a character as people see it. Empty if nothing visible remains.
   */
  public static String clean(String text, int max) {
    var kept = new StringBuilder(text.length());
    text.codePoints()
        .filter(c -> !isNoncharacter(c) && Character.getType(c) != Character.SURROGATE)
        .forEach(c -> kept.appendCodePoint(isControl(c, false) ? ' ' : c));
    String line = cut(kept.toString().strip(), max).strip();
    if (!isBidiClosed(line)) {
      line = withoutBidiFormatting(line).strip();
    }
    return hasVisible(line) ? line : "";
  }

  private static String cut(String text, int max) {
    if (text.codePointCount(0, text.length()) <= max) {
      return text;
    }
    int longest = text.offsetByCodePoints(0, max);
    var characters = BreakIterator.getCharacterInstance(Locale.ROOT);
    characters.setText(text);
    int end = characters.isBoundary(longest) ? longest : characters.preceding(longest);
    return text.substring(0, end == 0 || end == BreakIterator.DONE ? longest : end);
  }

  /** Whether a character would be shown, however small. */
  public static boolean hasVisible(String text) {
    return text.codePoints().anyMatch(VisibleText::isVisible);
  }

  private static boolean isVisible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.NON_SPACING_MARK,
          Character.ENCLOSING_MARK,
          Character.COMBINING_SPACING_MARK,
          Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      // Unassigned ones are characters of a newer version of Unicode.
      default -> !isFiller(c) && !isNoncharacter(c);
    };
  }

  /** Whether the character is invisible although its category is a visible one. */
  private static boolean isFiller(int c) {
    return switch (c) {
      // Hangul fillers, and their half-width form.
      case 0x115f, 0x1160, 0x3164, 0xffa0 -> true;
      // An empty Braille cell, a note head without ink, and the place of an embedded object.
      case 0x2800, 0x1d159, 0xfffc -> true;
      // Reserved for further invisible characters.
      default -> c == 0x2065 || (c >= 0xfff0 && c <= 0xfff8) || (c >= 0xe0000 && c <= 0xe0fff);
    };
  }

  /**
   * Whether the character only influences how others are shown or joined, so that comparisons
   * ignore it.
   */
  public static boolean isIgnorable(int c) {
    boolean variationSelector =
        (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0x180b && c <= 0x180f) || c == 0x034f;
    return variationSelector || Character.getType(c) == Character.FORMAT || isFiller(c);
  }

  private static boolean isControl(int c, boolean lineFeeds) {
    return switch (Character.getType(c)) {
      case Character.CONTROL -> c != '\n' || !lineFeeds;
      case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
      default -> false;
    };
  }

  private static boolean isNoncharacter(int c) {
    return (c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef);
  }

  /**
   * Whether each bidirectional embedding, override and isolate ends in its own line, and nothing is
   * ended that was not begun: the end of an isolate would also end one around the text.
   */
  private static boolean isBidiClosed(String text) {
    // The characters that end what is open, the innermost last.
    var open = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\u202a', '\u202b', '\u202d', '\u202e' -> open.append(POP_FORMATTING);
        case '\u2066', '\u2067', '\u2068' -> open.append(POP_ISOLATE);
        case POP_FORMATTING -> {
          if (open.isEmpty() || open.charAt(open.length() - 1) != POP_FORMATTING) {
            return false;
          }
          open.setLength(open.length() - 1);
        }
        case POP_ISOLATE -> {
          // The end of an isolate also ends the embeddings within.
          int isolate = open.lastIndexOf(String.valueOf(POP_ISOLATE));
          if (isolate < 0) {
            return false;
          }
          open.setLength(isolate);
        }
        case '\n', PARAGRAPH_SEPARATOR -> {
          if (!open.isEmpty()) {
            return false;
          }
        }
        default -> {}
      }
    }
    return open.isEmpty();
  }

  private static String withoutBidiFormatting(String text) {
    return text.replaceAll("[\u202a-\u202e\u2066-\u2069]", "");
  }
}
