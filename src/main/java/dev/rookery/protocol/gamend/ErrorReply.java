package dev.rookery.protocol.gamend;

import dev.rookery.base.Refused;
import dev.rookery.protocol.phoenix.ChannelReply;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/** The error replies of channels: an object whose field {@code error} is a code. */
final class ErrorReply {
  private ErrorReply() {}

  static ChannelReply of(String code) {
    return ChannelReply.error(JsonObject.of("error", code));
  }

  /** The reply to a message that was refused; any other failure fails the future. */
  static Future<ChannelReply> orFail(Throwable cause) {
    return cause instanceof Refused refused
        ? Future.succeededFuture(of(refused.refusal().code()))
        : Future.failedFuture(cause);
  }
}
