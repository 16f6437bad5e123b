package dev.rookery.protocol.gamend;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.protocol.phoenix.ChannelReply;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.TreeMap;

/** The error replies of channels: an object whose field {@code error} is a code. */
final class ErrorReply {
  private ErrorReply() {}

  static ChannelReply of(String code) {
    return ChannelReply.error(JsonObject.of("error", code));
  }

  /**
   * The reply to a message that was refused, with the {@code errors} of its fields as responses of
   * the HTTP API have them; any other failure fails the future.
   */
  static Future<ChannelReply> orFail(Throwable cause) {
    if (!(cause instanceof Refused refused)) {
      return Future.failedFuture(cause);
    }
    var reply = JsonObject.of("error", refused.refusal().code());
    if (refused.refusal() instanceof Refusal.Invalid(_, var fields)) {
      var errors = new JsonObject();
      new TreeMap<>(fields).forEach((field, faults) -> errors.put(field, new JsonArray(faults)));
      reply.put("errors", errors);
    }
    return Future.succeededFuture(ChannelReply.error(reply));
  }
}
