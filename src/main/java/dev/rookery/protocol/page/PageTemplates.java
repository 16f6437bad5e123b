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

/**
 * The templates of the pages, which all nodes of a process share: they are a part of the program.
 */
final class PageTemplates {
  private static final List<String> TEMPLATES =
      List.of(
          "log-in",
          "register",
          "confirm",
          "request-reset",
          "reset",
          "settings",
          "delete",
          "privacy",
          "terms",
          "data-deletion",
          "mailbox",
          "provider-conflict",
          "settings-friends",
          "settings-groups",
          "settings-notifications",
          "settings-data",
          "notifications",
          "chats",
          "chat",
          "chat-messages",
          "chat-refused",
          "groups",
          "group",
          "achievements",
          "achievement-list",
          "leaderboards",
          "leaderboard",
          "leaderboard-ranking",
          "play-games",
          "play-frame",
          "lobbies",
          "lobby",
          "lobby-members",
          "play",
          "timeline",
          "console-setup",
          "console-sign-in",
          "console-factor",
          "console-codes",
          "console-step-up",
          "home",
          "welcome",
          "document",
          "blog",
          "console-invite",
          "problem");

  private static final PebbleEngine ENGINE = createEngine();

  private PageTemplates() {}

  private static PebbleEngine createEngine() {
    var loader = new ClasspathLoader(PageTemplates.class.getClassLoader());
    loader.setPrefix("page");
    loader.setSuffix(".html");
    return new PebbleEngine.Builder().loader(loader).extension(new PageTexts()).build();
  }

  /** Compiles all of them, unless a node of this process has. */
  static void compile() {
    TEMPLATES.forEach(ENGINE::getTemplate);
  }

  static String render(
      String template, Map<String, Object> model, Translations translations, Language language) {
    var text = new StringWriter();
    try {
      PageTexts.with(
          translations,
          () -> {
            ENGINE.getTemplate(template).evaluate(text, model, language.locale());
            return text;
          });
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    return text.toString();
  }
}
