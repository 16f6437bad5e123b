package dev.rookery.protocol.gamend;

import dev.rookery.edge.ChunkedBody;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * The response of a route to a request that succeeded.
 *
 * @param chunks sent instead of {@code body} if not null
 */
record Response(int status, JsonObject body, @Nullable ChunkedBody chunks) {
  Response(int status, JsonObject body) {
    this(status, body, null);
  }

  static Response chunked(ChunkedBody chunks) {
    return new Response(200, new JsonObject(), chunks);
  }

  static Response ok(JsonObject body) {
    return new Response(200, body);
  }

  static Response created(JsonObject body) {
    return new Response(201, body);
  }

  /** The request was accepted; its effect follows later, for example by email. */
  static Response accepted(JsonObject body) {
    return new Response(202, body);
  }

  /** An empty JSON object, whatever the command returned. */
  static Response empty(Object ignored) {
    return ok(new JsonObject());
  }
}
