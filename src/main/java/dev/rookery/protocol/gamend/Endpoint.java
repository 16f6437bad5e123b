package dev.rookery.protocol.gamend;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refusal.Denied;
import dev.rookery.base.Refusal.Invalid;
import dev.rookery.base.Refusal.Limited;
import dev.rookery.base.Refusal.Missing;
import dev.rookery.base.Refusal.Unavailable;
import dev.rookery.base.Refused;
import dev.rookery.edge.ChunkedBody;
import dev.rookery.edge.HttpErrors;
import dev.rookery.session.Session;
import dev.rookery.session.Sessions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Serves one operation: is JSON accepted, who is it, do the fields fit, then the route. */
final class Endpoint implements Handler<RoutingContext> {
  private static final CharSequence JSON =
      HttpHeaders.createOptimized("application/json; charset=utf-8");
  private static final ErrorShape NO_TOKEN = ErrorShape.of(401, "Authentication required");
  private static final ErrorShape BAD_TOKEN = ErrorShape.of(401, "Invalid authentication token");
  private static final ErrorShape NO_ADMIN = ErrorShape.of(403, "forbidden");
  private static final ErrorShape NO_PLAYER = ErrorShape.of(401, "Authentication failed");

  /** What an operation does. */
  @FunctionalInterface
  interface Route {
    Future<Response> answer(ApiRequest call);
  }

  private final Operation operation;
  private final Sessions sessions;
  private final Route route;

  Endpoint(Operation operation, Sessions sessions, Route route) {
    this.operation = operation;
    this.sessions = sessions;
    this.route = route;
  }

  @Override
  public void handle(RoutingContext context) {
    if (!ContentNegotiation.json(context.request())) {
      HttpErrors.respond(context, 406);
      return;
    }
    switch (operation.access()) {
      case OPEN -> serve(context, null);
      case OPTIONAL, FORGIVING, REQUIRED, ADMIN -> authenticate(context);
    }
  }

  private void authenticate(RoutingContext context) {
    String token = BearerToken.of(context.request().getHeader(HttpHeaders.AUTHORIZATION));
    if (token != null) {
      sessions
          .authenticate(token)
          .onComplete(session -> known(context, session), no -> unknown(context, no));
    } else if (operation.access() == Operation.Access.REQUIRED
        || operation.access() == Operation.Access.ADMIN) {
      answer(context, NO_TOKEN, Map.of());
    } else {
      serve(context, null);
    }
  }

  private void known(RoutingContext context, Session session) {
    if (operation.access() == Operation.Access.ADMIN && !session.admin()) {
      answer(context, NO_ADMIN, Map.of());
    } else {
      serve(context, session);
    }
  }

  private void unknown(RoutingContext context, Throwable cause) {
    boolean bad = cause instanceof Refused refused && refused.refusal() instanceof Denied;
    boolean gone = cause instanceof Refused refused && refused.refusal() instanceof Missing;
    if (!bad && !gone) {
      failed(context, cause);
    } else if (operation.access() == Operation.Access.FORGIVING
        || (gone && operation.access() == Operation.Access.OPTIONAL)) {
      serve(context, null);
    } else {
      answer(context, bad ? BAD_TOKEN : NO_PLAYER, Map.of());
    }
  }

  private void serve(RoutingContext context, @Nullable Session session) {
    Future<Response> reply;
    try {
      reply = route.answer(new ApiRequest(context, Input.of(context, operation), session));
    } catch (RuntimeException | Error no) {
      failed(context, no);
      return;
    }
    reply.onComplete(said -> write(context, said), no -> failed(context, no));
  }

  private static void write(RoutingContext context, Response said) {
    ChunkedBody pieces = said.pieces();
    if (pieces == null) {
      write(context, said.status(), said.body());
      return;
    }
    HttpServerResponse response = context.response();
    if (!response.closed()) {
      response.setStatusCode(said.status()).putHeader(HttpHeaders.CONTENT_TYPE, JSON);
      pieces.send(response).onFailure(context::fail);
    }
  }

  private void failed(RoutingContext context, Throwable cause) {
    switch (cause) {
      case InvalidRequest misfit -> answer(context, misfit.shape(), misfit.fields());
      case Refused refused -> refused(context, refused.refusal());
      default -> context.fail(cause);
    }
  }

  private void refused(RoutingContext context, Refusal refusal) {
    ErrorShape shape = operation.shape(refusal);
    if (shape == Operation.TOO_MANY && refusal instanceof Limited(_, Duration after)) {
      retryAfter(context, after);
      context.response().setStatusCode(shape.status()).end("Too Many Requests");
      return;
    }
    if (refusal instanceof Unavailable(_, Duration after)) {
      retryAfter(context, after);
    }
    Map<String, List<String>> fields = refusal instanceof Invalid(_, var named) ? named : Map.of();
    JsonObject body = shape.body(fields);
    if (refusal instanceof Denied(_, var details)) {
      details.forEach(body::put);
    }
    write(context, shape.status(), body);
  }

  private static void retryAfter(RoutingContext context, Duration after) {
    long seconds = Math.max(1, after.plusMillis(999).toSeconds());
    context.response().putHeader(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
  }

  private static void answer(
      RoutingContext context, ErrorShape shape, Map<String, List<String>> fields) {
    write(context, shape.status(), shape.body(fields));
  }

  private static void write(RoutingContext context, int status, JsonObject body) {
    HttpServerResponse response = context.response();
    if (response.closed()) {
      // Whoever asked has gone; what was done stays done.
      return;
    }
    response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, JSON).end(body.toBuffer());
  }
}
