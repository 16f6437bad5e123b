package dev.rookery.protocol.page;

import dev.rookery.translation.Language;
import dev.rookery.translation.Translations;
import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.loader.ClasspathLoader;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** The welcome page of a server whose pages for players are disabled: no links to them. */
public final class StandaloneWelcome {
  private StandaloneWelcome() {}

  /** Renders it in the default language. */
  public static String render(Translations translations) {
    var loader = new ClasspathLoader(StandaloneWelcome.class.getClassLoader());
    loader.setPrefix("page");
    loader.setSuffix(".html");
    var engine =
        new PebbleEngine.Builder().loader(loader).extension(new PageTexts(translations)).build();
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
    var text = new StringWriter();
    try {
      engine.getTemplate("welcome").evaluate(text, model, language.locale());
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    return text.toString();
  }
}
