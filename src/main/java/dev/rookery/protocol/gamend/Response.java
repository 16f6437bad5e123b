package dev.rookery.protocol.gamend;

import dev.rookery.edge.ChunkedBody;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * What is answered to a call that was not refused.
 *
 * @param chunks instead of the body, of an answer that may be long
 */
record Response(int status, JsonObject body, @Nullable ChunkedBody chunks) {
  Response(int status, JsonObject body) {
    this(status, body, null);
  }

  static Response chunked(ChunkedBody pieces) {
    return new Response(200, new JsonObject(), pieces);
  }

  static Response ok(JsonObject body) {
    return new Response(200, body);
  }

  static Response created(JsonObject body) {
    return new Response(201, body);
  }

  /** Begun; what comes of it is told elsewhere. */
  static Response accepted(JsonObject body) {
    return new Response(202, body);
  }

  /** {@code {}} */
  static Response empty(Object ignored) {
    return ok(new JsonObject());
  }
}
