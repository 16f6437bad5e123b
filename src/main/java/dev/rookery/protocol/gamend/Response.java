package dev.rookery.protocol.gamend;

import dev.rookery.edge.ChunkedBody;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * The response of a route to a request that succeeded.
 *
 * @param body JSON
 * @param chunks sent instead of {@code body} if not null
 * @param forward leaves the response to another route if not null
 */
record Response(int status, Buffer body, @Nullable ChunkedBody chunks, @Nullable Runnable forward) {
  Response(int status, Buffer body, @Nullable ChunkedBody chunks) {
    this(status, body, chunks, null);
  }

  Response(int status, JsonObject body) {
    this(status, body.toBuffer(), null);
  }

  static Response chunked(ChunkedBody chunks) {
    return new Response(200, Buffer.buffer(), chunks);
  }

  /** Leaves the response to another route of this server. */
  static Response forward(Runnable forward) {
    return new Response(200, Buffer.buffer(), null, forward);
  }

  static Response ok(JsonObject body) {
    return new Response(200, body);
  }

  /** For the lists that the contract sends without an envelope. */
  static Response ok(JsonArray body) {
    return new Response(200, body.toBuffer(), null);
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
