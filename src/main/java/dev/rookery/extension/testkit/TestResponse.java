package dev.rookery.extension.testkit;

import io.vertx.core.json.JsonObject;

/**
 * The server's answer to a request.
 *
 * @param status the HTTP status
 * @param text the body as it was sent
 */
public record TestResponse(int status, String text) {
  /**
   * The body as a JSON object.
   *
   * @throws io.vertx.core.json.DecodeException if it is none
   */
  public JsonObject json() {
    return new JsonObject(text);
  }
}
