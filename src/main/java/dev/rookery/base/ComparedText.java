package dev.rookery.base;

import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.Locale;

/**
 * The forms in which text is compared and searched. Unicode has several ways to write one
 * character, and keyboards differ in which they use, so a text must be normalized before it is
 * stored for a comparison.
 *
 * <p>The forms are computed here and never in SQL, because the databases differ beyond ASCII. They
 * are stored, so they must stay as they are.
 */
public final class ComparedText {
  // Sorting many combining marks takes time that grows with the square of their number. Longer
  // texts
  // exceed every limit, so they are compared with nothing.
  private static final int NORMALIZED_MAX = 4_096;

  private ComparedText() {}

  /** An email address: normalized and in lower case. */
  public static String email(String address) {
    return nfc(nfc(address.strip()).toLowerCase(Locale.ROOT));
  }

  /**
   * A password as RFC 8265 prepares it (OpaqueString): every space is an ASCII space, the rest is
   * normalized, and upper and lower case differ.
   */
  public static String password(String password) {
    var spaced = new StringBuilder(password.length());
    for (int i = 0; i < password.length(); i++) {
      char c = password.charAt(i);
      spaced.append(Character.getType(c) == Character.SPACE_SEPARATOR ? ' ' : c);
    }
    return nfc(spaced.toString());
  }

  /**
   * A name, a title or a part of one as it is searched for: without regard to case, to the ways of
   * writing a character, and to invisible characters.
   */
  public static String searchKey(String text) {
    if (isLowerAscii(text)) {
      return text;
    }
    // Twice, because folding the case of a normalized text may give one that is not normalized.
    String folded = foldCase(normalize(foldCase(text), Form.NFKC));
    String normalized = normalize(folded, Form.NFKC);
    return normalized.codePoints().anyMatch(VisibleText::isIgnorable)
        ? normalized
            .codePoints()
            .filter(c -> !VisibleText.isIgnorable(c))
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString()
        : normalized;
  }

  /** An identifier that people choose and type, in which upper and lower case differ. */
  public static String identifier(String text) {
    return nfc(text);
  }

  // A Greek sigma has a form of its own at the end of a word, which a search for a part of the word
  // would not find.
  private static String foldCase(String text) {
    return text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT).replace('ς', 'σ');
  }

  private static String nfc(String text) {
    return normalize(text, Form.NFC);
  }

  private static String normalize(String text, Form form) {
    return text.length() > NORMALIZED_MAX ? text : Normalizer.normalize(text, form);
  }

  private static boolean isLowerAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80 || (c >= 'A' && c <= 'Z')) {
        return false;
      }
    }
    return true;
  }
}
