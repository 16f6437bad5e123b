package dev.rookery.protocol.page;

import dev.rookery.auth.TokenPair;
import dev.rookery.edge.ChunkedBody;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** What a page answers to a request. */
sealed interface PageResponse {
  /**
   * Renders a template.
   *
   * @param status the HTTP status
   * @param template the name of the template
   * @param model the variables of the template
   */
  record Render(int status, String template, Map<String, Object> model) implements PageResponse {
    static Render ok(String template, Map<String, Object> model) {
      return new Render(200, template, model);
    }
  }

  /**
   * Renders a template whose scripts are files of this server.
   *
   * @param status the HTTP status
   */
  record Scripted(int status, String template, Map<String, Object> model) implements PageResponse {}

  /**
   * Renders a template whose scripts are files of this server, and which may show pages of games in
   * frames.
   */
  record Application(String template, Map<String, Object> model) implements PageResponse {}

  /** Answers a script of a page. */
  record Data(JsonObject content) implements PageResponse {}

  /**
   * Answers another program than a browser.
   *
   * @param type the content type
   */
  record Text(String type, String content) implements PageResponse {}

  /** Redirects to a path of this server. */
  record Redirect(String path) implements PageResponse {}

  /**
   * Signs in and redirects.
   *
   * @param persistent whether the session cookie outlives the browser
   * @param path where to redirect to
   */
  record SignIn(TokenPair tokens, boolean persistent, String path) implements PageResponse {}

  /** Signs out and redirects. */
  record SignOut(String path) implements PageResponse {}

  /** Sends a JSON file as a download. */
  record Download(String name, ChunkedBody content) implements PageResponse {}
}
