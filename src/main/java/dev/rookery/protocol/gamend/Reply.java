package dev.rookery.protocol.gamend;

import dev.rookery.edge.ChunkedBody;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * What is answered to a call that was not refused.
 *
 * @param pieces instead of the body, of an answer that may be long
 */
record Reply(int status, JsonObject body, @Nullable ChunkedBody pieces) {
  Reply(int status, JsonObject body) {
    this(status, body, null);
  }

  static Reply inPieces(ChunkedBody pieces) {
    return new Reply(200, new JsonObject(), pieces);
  }

  static Reply ok(JsonObject body) {
    return new Reply(200, body);
  }

  static Reply created(JsonObject body) {
    return new Reply(201, body);
  }

  /** Begun; what comes of it is told elsewhere. */
  static Reply accepted(JsonObject body) {
    return new Reply(202, body);
  }

  /** {@code {}} */
  static Reply done(Object ignored) {
    return ok(new JsonObject());
  }
}
