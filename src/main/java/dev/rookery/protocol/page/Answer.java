package dev.rookery.protocol.page;

import dev.rookery.auth.SignedIn;
import dev.rookery.edge.Pieces;
import java.util.Map;

/** What comes of a visit. */
sealed interface Answer {
  /** A page. */
  record Show(int status, String template, Map<String, Object> model) implements Answer {
    static Show page(String template, Map<String, Object> model) {
      return new Show(200, template, model);
    }
  }

  /** Another page of ours. */
  record Go(String path) implements Answer {}

  /**
   * Signed in, and on to another page of ours.
   *
   * @param kept whether the browser keeps it when it is closed
   */
  record Enter(SignedIn signedIn, boolean kept, String path) implements Answer {}

  /** Signed out, and on to another page of ours. */
  record Leave(String path) implements Answer {}

  /** A file to keep. */
  record Download(String name, Pieces pieces) implements Answer {}
}
