package dev.rookery.translation;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A text in a language, as admins see it.
 *
 * @param id the same in all languages, and for as long as the English text does not change
 * @param plural null if the text has one form
 * @param catalogue the forms of the catalogue; for English the texts of the source
 * @param edited the forms that an admin has put in their place; empty if none has
 * @param revision of the edited forms; 0 if there are none
 * @param updatedMs when they were edited; 0 if never
 */
public record TranslatedText(
    String id,
    String language,
    String domain,
    String context,
    String text,
    @Nullable String plural,
    List<String> catalogue,
    List<String> edited,
    Status status,
    long revision,
    long updatedMs) {
  /** What is true of a text in a language. */
  public enum Status {
    /** The text of the catalogue is shown. */
    TRANSLATED,
    /** The text of an admin is shown. */
    EDITED,
    /** English is shown, because there is no translation. */
    MISSING,
    /** English is shown, until a translator has looked at the translation again. */
    FUZZY;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What is shown, or would be if it were complete. */
  public List<String> forms() {
    return edited.isEmpty() ? catalogue : edited;
  }
}
