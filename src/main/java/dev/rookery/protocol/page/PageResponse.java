package dev.rookery.protocol.page;

import dev.rookery.auth.TokenPair;
import dev.rookery.edge.ChunkedBody;
import java.util.Map;

/** What comes of a visit. */
sealed interface PageResponse {
  /** A page. */
  record Render(int status, String template, Map<String, Object> model) implements PageResponse {
    static Render ok(String template, Map<String, Object> model) {
      return new Render(200, template, model);
    }
  }

  /** Another page of ours. */
  record Redirect(String path) implements PageResponse {}

  /**
   * Signed in, and on to another page of ours.
   *
   * @param persistent whether the browser keeps it when it is closed
   */
  record SignIn(TokenPair tokens, boolean persistent, String path) implements PageResponse {}

  /** Signed out, and on to another page of ours. */
  record SignOut(String path) implements PageResponse {}

  /** A file to keep. */
  record Download(String name, ChunkedBody pieces) implements PageResponse {}
}
