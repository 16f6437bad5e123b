package dev.rookery.protocol.console;

import dev.rookery.edge.ChunkedBody;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** What a page of the console answers to a request. */
sealed interface ConsoleView {
  /**
   * Renders a template of {@code resources/console}.
   *
   * @param status the HTTP status
   * @param title of the page, without the name of the product
   * @param model the variables of the template, beside those of the layout
   */
  record Render(int status, String template, String title, Map<String, Object> model)
      implements ConsoleView {}

  /** Redirects to a path of this server. */
  record Redirect(String path) implements ConsoleView {}

  /** Sends a file as a download. */
  record Download(String name, String contentType, ChunkedBody content) implements ConsoleView {}

  /** Leaves the answer to another route of this server. */
  record Forward(Runnable forward) implements ConsoleView {}

  /** Answers a script with JSON. */
  record Data(JsonObject content) implements ConsoleView {}

  static Render page(String template, String title, Map<String, Object> model) {
    return new Render(200, template, title, model);
  }

  /**
   * Redirects to a page that shows a message.
   *
   * @param code of a message that a section has registered with {@link ConsoleRouter#message}
   */
  static Redirect done(String path, String code) {
    int hash = path.indexOf('#');
    String page = hash < 0 ? path : path.substring(0, hash);
    String anchor = hash < 0 ? "" : path.substring(hash);
    return new Redirect(page + (page.indexOf('?') < 0 ? '?' : '&') + "done=" + code + anchor);
  }
}
