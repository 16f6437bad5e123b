package dev.rookery.chat;

import dev.rookery.base.VisibleText;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The words of a text as the filter compares them: in lower case, and forms that look alike made
 * one, so that full-width forms and capitals hide nothing. Invisible characters inside of a word do
 * not end it. Each word knows where it is in the text.
 */
final class Words {
  /** As many follow a character in any text that is meant to be read (UAX 15, 12.1). */
  private static final int MARKS_MAX = 30;

  /** A word that is so much longer in its other form stays as it is, so that texts stay bounded. */
  private static final int FORM_MAX = 4;

  private Words() {}

  /** A word, and its place in the text. */
  record Word(String text, int start, int end) {}

  static List<Word> of(String text) {
    var words = new ArrayList<Word>();
    int at = 0;
    while (at < text.length()) {
      int end = end(text, at);
      if (end > at) {
        String word = normalized(text.substring(at, end));
        if (!word.isEmpty()) {
          words.add(new Word(word, at, end));
        }
        at = end;
      } else {
        at += Character.charCount(text.codePointAt(at));
      }
    }
    return words;
  }

  private static int end(String text, int start) {
    int at = start;
    while (at < text.length()) {
      int c = text.codePointAt(at);
      if (!isPart(c)) {
        return at;
      }
      at += Character.charCount(c);
    }
    return at;
  }

  private static boolean isPart(int c) {
    return Character.isLetterOrDigit(c) || isMark(c) || Character.getType(c) == Character.FORMAT;
  }

  private static boolean isMark(int c) {
    int type = Character.getType(c);
    return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
  }

  static String normalized(String word) {
    boolean ascii = word.chars().allMatch(c -> c < 128);
    if (ascii) {
      return word.toLowerCase(Locale.ROOT);
    }
    var plain = new StringBuilder(word.length());
    int marks = 0;
    for (int at = 0; at < word.length(); at += Character.charCount(word.codePointAt(at))) {
      int c = word.codePointAt(at);
      if (!VisibleText.isIgnorable(c)) {
        marks = isMark(c) ? marks + 1 : 0;
        if (marks <= MARKS_MAX) {
          plain.appendCodePoint(c);
        }
      }
    }
    String form = Normalizer.normalize(plain, Normalizer.Form.NFKC);
    return (form.length() > FORM_MAX * word.length() ? plain.toString() : form)
        .toLowerCase(Locale.ROOT);
  }
}
