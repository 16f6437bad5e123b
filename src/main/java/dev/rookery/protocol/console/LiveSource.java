package dev.rookery.protocol.console;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/**
 * What a live region shows. A message is an object with any of these members:
 *
 * <ul>
 *   <li>{@code values}: texts by the key of the element that shows them;
 *   <li>{@code charts}: charts by their id;
 *   <li>{@code parts}: a fingerprint for each part of the page; where it has changed, the page
 *       loads that part again;
 *   <li>{@code lines}: lines to be added at the end.
 * </ul>
 *
 * Of the first three only what has changed is sent. One source serves all who watch the region.
 */
interface LiveSource {
  /** Makes the next message; called again after it is complete, and not before the period ends. */
  Future<JsonObject> next();

  /**
   * Makes what a viewer has missed since the page was rendered, beside the latest message.
   *
   * @param from what the page says that it has
   */
  default Future<JsonObject> catchUp(JsonObject from) {
    return Future.succeededFuture(new JsonObject());
  }
}
