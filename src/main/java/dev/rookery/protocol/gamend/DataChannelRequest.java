package dev.rookery.protocol.gamend;

import dev.rookery.protocol.phoenix.Payload;
import io.vertx.core.json.JsonObject;

/**
 * The field {@code data_channel} in the payload of a join: with {@code true} the client asks for
 * events that may be lost over its data channel, while that is open.
 */
final class DataChannelRequest {
  private static final String FIELD = "data_channel";

  private DataChannelRequest() {}

  static boolean isIn(Payload payload) {
    JsonObject object = payload.hasSameBytes(Payload.EMPTY) ? null : payload.asObject();
    return object != null && Boolean.TRUE.equals(object.getValue(FIELD));
  }
}
