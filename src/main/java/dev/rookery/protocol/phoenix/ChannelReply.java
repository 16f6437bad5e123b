package dev.rookery.protocol.phoenix;

import io.vertx.core.json.JsonObject;

/**
 * What a channel answers to an event of the client.
 *
 * @param last whether the channel closes after it
 */
public record ChannelReply(boolean ok, JsonObject response, boolean last) {
  public static ChannelReply ok(JsonObject response) {
    return new ChannelReply(true, response, false);
  }

  public static ChannelReply error(JsonObject response) {
    return new ChannelReply(false, response, false);
  }

  public static ChannelReply errorAndClose(JsonObject response) {
    return new ChannelReply(false, response, true);
  }
}
