package dev.rookery.protocol.openturn;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers of the wire over HTTP: every error is {@code {"error": code}}. */
final class Responses {
  static final Logger LOG = LoggerFactory.getLogger(Responses.class);

  private Responses() {}

  static void respond(RoutingContext context, int status, Future<JsonObject> result) {
    result
        .onSuccess(body -> send(context, status, body.encode()))
        .onFailure(cause -> fail(context, cause));
  }

  static void respondText(RoutingContext context, Future<String> result) {
    result.onSuccess(text -> send(context, 200, text)).onFailure(cause -> fail(context, cause));
  }

  static void error(RoutingContext context, int status, String code) {
    json(context, status, JsonObject.of("error", code));
  }

  static void json(RoutingContext context, int status, JsonObject body) {
    send(context, status, body.encode());
  }

  static void fail(RoutingContext context, Throwable cause) {
    if (cause instanceof SaveDecodeException unreadable) {
      String code = unreadable.codeText();
      send(
          context,
          unreadable.code() == SaveDecodeException.Code.VERSION ? 409 : 400,
          JsonObject.of("error", code, "message", "the save cannot be read: " + code).encode());
      return;
    }
    if (!(cause instanceof Refused refused)) {
      LOG.error("a request for a room failed", cause);
      error(context, 500, "internal");
      return;
    }
    switch (refused.refusal()) {
      case Refusal.Missing(var code) -> error(context, 404, code);
      case Refusal.Denied(var code, _) -> error(context, 403, code);
      case Refusal.Conflict(var code) -> error(context, conflict(code), code);
      case Refusal.Invalid(var code, _) -> error(context, 400, code);
      case Refusal.Limited(var code, var wait) -> {
        context
            .response()
            .putHeader(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, wait.toSeconds())));
        error(context, 429, code);
      }
      case Refusal.Unavailable(var code, _) -> {
        context.response().putHeader(HttpHeaders.RETRY_AFTER, "1");
        error(context, 503, code);
      }
    }
  }

  private static int conflict(String code) {
    return switch (code) {
      case "room_closed" -> 410;
      case "empty_body", "invalid_json", "invalid_body" -> 400;
      default -> 409;
    };
  }

  private static void send(RoutingContext context, int status, String json) {
    if (!context.response().ended() && !context.response().closed()) {
      context
          .response()
          .setStatusCode(status)
          .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
          .end(json);
    }
  }

  /** Sends a file that the client is to store. */
  static void download(RoutingContext context, String name, byte[] content) {
    context
        .response()
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/octet-stream")
        .putHeader("content-disposition", "attachment; filename=\"" + name + "\"")
        .end(Buffer.buffer(content));
  }

  /** The address of this server's sockets under which players reach it. */
  static String socketUrl(OpenturnSettings settings) {
    return settings.publicUrl().get().replaceFirst("^http", "ws");
  }

  /** The address of this server's sockets, as the client reached it. */
  static String socketUrl(OpenturnSettings settings, HttpServerRequest request) {
    boolean secure = request.isSSL() || settings.publicUrl().get().startsWith("https:");
    HostAndPort authority = request.authority();
    String host = authority == null ? "localhost" : authority.toString();
    return (secure ? "wss://" : "ws://") + host;
  }
}
