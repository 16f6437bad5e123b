package dev.rookery.protocol.gamend;

import dev.rookery.protocol.phoenix.Channel;
import dev.rookery.protocol.phoenix.ChannelReply;
import dev.rookery.protocol.phoenix.Frame;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/**
 * A channel on which clients send no events: any is answered with an error, and the channel is
 * closed (Gamend realtime contract, section 2.4).
 */
interface ListenOnlyChannel extends Channel {
  @Override
  default Future<ChannelReply> handle(Frame.Message message) {
    return Future.succeededFuture(
        ChannelReply.errorAndClose(JsonObject.of("error", "unknown_event")));
  }
}
