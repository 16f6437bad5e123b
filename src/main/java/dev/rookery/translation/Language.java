package dev.rookery.translation;

import java.util.Locale;

/**
 * A language of the pages.
 *
 * @param tag as in URLs and in {@code <html lang>}, for example {@code pt-BR}
 * @param name in the language itself
 * @param rightToLeft the direction in which it is written
 */
public record Language(String tag, String name, boolean rightToLeft) {
  /** The language of the keys of all catalogues. */
  public static final Language ENGLISH = new Language("en", "English", false);

  public Locale locale() {
    return Locale.forLanguageTag(tag);
  }

  /** The value of {@code dir} in HTML. */
  public String direction() {
    return rightToLeft ? "rtl" : "ltr";
  }

  @Override
  public String toString() {
    return tag;
  }
}
