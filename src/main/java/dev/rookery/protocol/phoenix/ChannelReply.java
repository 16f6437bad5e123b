package dev.rookery.protocol.phoenix;

import io.vertx.core.json.JsonObject;

/**
 * The reply of a channel to a message of the client.
 *
 * @param ok whether the status is {@code ok} or {@code error}
 * @param last whether the channel closes after the reply
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
