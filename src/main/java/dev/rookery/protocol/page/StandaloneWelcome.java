package dev.rookery.protocol.page;

import dev.rookery.translation.Language;
import dev.rookery.translation.Translations;
import java.util.List;
import java.util.Map;

/** The welcome page of a server whose pages for players are disabled: no links to them. */
public final class StandaloneWelcome {
  private StandaloneWelcome() {}

  /** Renders it in the default language. */
  public static String render(Translations translations) {
    Language language = translations.defaultLanguage();
    Map<String, Object> model =
        Map.of(
            "accounts",
            false,
            "language",
            Map.of("tag", language.tag(), "direction", language.direction()),
            "languages",
            List.of(),
            "alternates",
            List.of());
    return PageTemplates.render("welcome", model, translations, language);
  }
}
