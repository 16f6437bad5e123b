package dev.rookery.translation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One text of a catalogue.
 *
 * @param domain where the text is shown: {@code pages}, {@code errors} or {@code email}; in the
 *     file the reference comment {@code #:}
 * @param plural null if the text has one form
 * @param translations one, or one for each plural form; empty strings if it is not translated
 * @param fuzzy whether a translator is to look at it again; it is not used until then
 */
public record PoEntry(
    String domain,
    String context,
    String text,
    @Nullable String plural,
    List<String> translations,
    boolean fuzzy) {
  public PoEntry {
    translations = List.copyOf(translations);
  }

  /** Identifies the text within a catalogue. */
  public Key key() {
    return new Key(context, text);
  }

  /** Whether the text can be shown in the language of the catalogue. */
  public boolean isTranslated() {
    return !fuzzy && translations.stream().noneMatch(String::isEmpty);
  }

  /** What identifies a text within a catalogue. */
  public record Key(String context, String text) {}
}
