package dev.rookery.protocol.phoenix;

import io.vertx.core.json.JsonObject;

/**
 * What a channel answers to an event of the client.
 *
 * @param last whether the channel closes after it
 */
public record Answer(boolean ok, JsonObject response, boolean last) {
  public static Answer ok(JsonObject response) {
    return new Answer(true, response, false);
  }

  public static Answer error(JsonObject response) {
    return new Answer(false, response, false);
  }

  public static Answer errorAndClose(JsonObject response) {
    return new Answer(false, response, true);
  }
}
