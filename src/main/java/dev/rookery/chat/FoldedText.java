package dev.rookery.chat;

import dev.rookery.base.VisibleText;
import java.text.Normalizer;

/**
 * A text as regular expressions of the filter see it: forms that look alike are made one, and
 * invisible characters are left out. Each character knows where it comes from.
 */
final class FoldedText {
  /** What has a longer form, such as a whole phrase in one character, stays as it is. */
  private static final int FORM_MAX = 4;

  private final String text;
  private final int[] starts;
  private final int[] ends;

  private FoldedText(String text, int[] starts, int[] ends) {
    this.text = text;
    this.starts = starts;
    this.ends = ends;
  }

  static FoldedText of(String text) {
    var folded = new StringBuilder(text.length());
    int[] starts = new int[FORM_MAX * text.length() + 1];
    int[] ends = new int[FORM_MAX * text.length()];
    int at = 0;
    while (at < text.length()) {
      int c = text.codePointAt(at);
      int end = at + Character.charCount(c);
      if (c < 128 || !VisibleText.isIgnorable(c)) {
        String form = form(c);
        for (int i = folded.length(); i < folded.length() + form.length(); i++) {
          starts[i] = at;
          ends[i] = end;
        }
        folded.append(form);
      }
      at = end;
    }
    starts[folded.length()] = text.length();
    return new FoldedText(folded.toString(), starts, ends);
  }

  private static String form(int c) {
    String plain = Character.toString(c);
    if (c < 128) {
      return plain;
    }
    String form = Normalizer.normalize(plain, Normalizer.Form.NFKC);
    return form.length() > FORM_MAX ? plain : form;
  }

  String text() {
    return text;
  }

  int length() {
    return text.length();
  }

  /** Where a character of the folded text, or its end, begins in the original one. */
  int start(int at) {
    return starts[at];
  }

  /** Where it ends. */
  int end(int at) {
    return ends[at];
  }
}
