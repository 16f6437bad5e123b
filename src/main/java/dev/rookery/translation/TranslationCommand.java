package dev.rookery.translation;

import dev.rookery.base.Page;
import dev.rookery.bus.Command;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the texts of pages and emails for admins, and edits them. A language or a text that there
 * is not is {@code Missing("not_found")}.
 */
public sealed interface TranslationCommand<R> extends Command<R> {
  String ADDRESS = "translation";

  @Override
  default String address() {
    return ADDRESS;
  }

  /** Lists the languages, and how complete each is. */
  record ListLanguages() implements TranslationCommand<List<Completeness>> {}

  /** How complete a language is, in each domain. */
  record Completeness(Language language, List<DomainCount> domains) {
    public Completeness {
      domains = List.copyOf(domains);
    }
  }

  /**
   * @param translated texts that are shown in the language, edited ones among them
   */
  record DomainCount(String domain, int texts, int translated, int edited) {}

  /** Lists texts in the order of the catalogue. */
  record ListTexts(String language, Filter filter, Page.Request page)
      implements TranslationCommand<Page<TranslatedText>> {}

  /**
   * Which texts are listed; a null does not select.
   *
   * @param words part of the English text or of the translation, ignoring case
   */
  record Filter(
      @Nullable String domain, TranslatedText.@Nullable Status status, @Nullable String words) {}

  /** Returns a text. */
  record FindText(String language, String id) implements TranslationCommand<TranslatedText> {}

  /**
   * Puts forms in place of those of the catalogue. Answered when all nodes show them. {@code
   * Invalid} {@code forms} if there are not as many as the language has plural forms, or if one is
   * blank, too long, or lacks a placeholder of the text.
   *
   * @param revision that the admin read: {@code Conflict("revision_conflict")} if it is another one
   *     now. Null for whatever it is
   */
  record EditText(String language, String id, List<String> forms, @Nullable Long revision)
      implements TranslationCommand<TranslatedText> {
    public EditText {
      forms = List.copyOf(forms);
    }
  }

  /** Returns to the forms of the catalogue. */
  record ResetText(String language, String id) implements TranslationCommand<TranslatedText> {}

  /** Returns the catalogue with the edited texts, in the gettext format. */
  record ExportCatalogue(String language) implements TranslationCommand<String> {}
}
