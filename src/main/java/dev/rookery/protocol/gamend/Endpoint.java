package dev.rookery.protocol.gamend;

import dev.rookery.base.FatalErrors;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refusal.Denied;
import dev.rookery.base.Refusal.Invalid;
import dev.rookery.base.Refusal.Limited;
import dev.rookery.base.Refusal.Missing;
import dev.rookery.base.Refusal.Unavailable;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.console.AccessKeys;
import dev.rookery.console.AuditEntry;
import dev.rookery.console.AuditedChange;
import dev.rookery.console.ConsoleCommand;
import dev.rookery.console.Permission;
import dev.rookery.console.RoleTemplate;
import dev.rookery.edge.ChunkedBody;
import dev.rookery.edge.HttpErrors;
import dev.rookery.edge.RequestBodyHandler;
import dev.rookery.edge.RequestInfo;
import dev.rookery.edge.ViewAs;
import dev.rookery.session.Session;
import dev.rookery.session.Sessions;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Serves one operation, in two steps: {@link #authorize} checks that the client accepts JSON and
 * authenticates it; after that its body is read, and {@link #serve} validates the fields, calls the
 * route, and writes the response or the error.
 */
final class Endpoint {
  private static final String SESSION = Endpoint.class.getName();
  private static final CharSequence JSON =
      HttpHeaders.createOptimized("application/json; charset=utf-8");
  private static final ErrorShape MISSING_TOKEN = ErrorShape.of(401, "Authentication required");
  private static final ErrorShape INVALID_TOKEN =
      ErrorShape.of(401, "Invalid authentication token");
  private static final ErrorShape KEY_NOT_ALLOWED =
      new ErrorShape(
          401,
          "access_key_not_allowed",
          "Access keys are valid for /api/v1/admin alone. Sign in to use this route.",
          null,
          null);
  private static final ErrorShape NOT_ADMIN = ErrorShape.of(403, "forbidden");
  private static final ErrorShape PLAYER_NOT_FOUND = ErrorShape.of(401, "Authentication failed");

  /** Handles the valid requests of an operation. */
  @FunctionalInterface
  interface Route {
    Future<Response> handle(ApiRequest call);
  }

  /** A route with the bus of its requests. */
  record Served(Bus bus, Route route) {
    private Future<Response> handle(
        RoutingContext context,
        Input input,
        @Nullable Session session,
        @Nullable AuditedChange change) {
      return route.handle(new ApiRequest(context, input, session, bus, change));
    }
  }

  private final Bus bus;
  private final Operation operation;
  private final Sessions sessions;
  private final KeyAuthentication keys;
  private final StepUp stepUp;
  private final Served route;
  private final Served view;

  /**
   * @param view answers what admins view as a player, on a bus on which nothing is changed
   */
  Endpoint(
      Operation operation, Sessions sessions, KeyAuthentication keys, Served route, Served view) {
    this.bus = route.bus();
    this.operation = operation;
    this.sessions = sessions;
    this.keys = keys;
    this.stepUp = new StepUp(bus);
    this.route = route;
    this.view = view;
  }

  Operation operation() {
    return operation;
  }

  /**
   * Runs {@code next} if the client may make the request, and responds with the error otherwise. A
   * body stays in the connection meanwhile.
   */
  void authorize(RoutingContext context, Runnable next) {
    if (operation.answersJson() && !ContentNegotiation.acceptsJson(context.request())) {
      HttpErrors.respond(context, 406);
      return;
    }
    Session viewed = ViewAs.session(context);
    Session known = viewed == null ? context.get(SESSION) : viewed;
    if (operation.access() == Operation.Access.PUBLIC) {
      next.run();
    } else if (known != null) {
      authenticated(context, known, next);
    } else {
      authenticate(context, next);
    }
  }

  private void authenticate(RoutingContext context, Runnable next) {
    String token = BearerToken.of(context.request().getHeader(HttpHeaders.AUTHORIZATION));
    if (token != null && AccessKeys.isKey(token) && operation.access() != Operation.Access.ADMIN) {
      RequestBodyHandler.skip(context);
      respond(context, KEY_NOT_ALLOWED, Map.of());
    } else if (token != null) {
      RequestBodyHandler.pause(context);
      authenticate(context, token)
          .onComplete(
              session -> authenticated(context, session, next),
              failure -> authenticationFailed(context, failure, next));
    } else if (operation.access() == Operation.Access.REQUIRED
        || operation.access() == Operation.Access.ADMIN) {
      respond(context, MISSING_TOKEN, Map.of());
    } else {
      next.run();
    }
  }

  private Future<Session> authenticate(RoutingContext context, String token) {
    return AccessKeys.isKey(token)
        ? keys.authenticate(token, RequestInfo.of(context).clientAddress())
        : sessions.authenticate(token);
  }

  private void authenticated(RoutingContext context, Session session, Runnable next) {
    Permission permission = operation.permission();
    if (permission != null && !session.may(permission)) {
      RequestBodyHandler.skip(context);
      forbid(context, session, permission);
    } else if (operation.access() == Operation.Access.ADMIN && session.role() == null) {
      RequestBodyHandler.skip(context);
      respond(context, NOT_ADMIN, Map.of());
    } else if (permission != null && permission.needsStepUp()) {
      RequestBodyHandler.pause(context);
      stepUp
          .require(context, session)
          .onComplete(
              _ -> admit(context, session, next),
              failure -> {
                RequestBodyHandler.skip(context);
                refuseStepUp(context, session, permission, failure);
              });
    } else {
      admit(context, session, next);
    }
  }

  private static void admit(RoutingContext context, Session session, Runnable next) {
    context.put(SESSION, session);
    next.run();
  }

  /** Says in words what is missing for an action that needs a second factor; it is recorded. */
  private void refuseStepUp(
      RoutingContext context, Session session, Permission permission, Throwable failure) {
    ErrorShape shape = failure instanceof Refused refused ? StepUp.error(refused.refusal()) : null;
    if (shape == null) {
      fail(context, failure);
      return;
    }
    record(AdminChange.of(context, operation, session, permission, null), shape.code())
        .onComplete(_ -> respond(context, shape, Map.of()));
  }

  /** Tells an admin of a lesser role what is missing; that they tried is recorded. */
  private void forbid(RoutingContext context, Session session, Permission permission) {
    RoleTemplate role = session.role();
    if (role == null) {
      respond(context, NOT_ADMIN, Map.of());
      return;
    }
    JsonObject body = NOT_ADMIN.body(Map.of()).put("permission", role.missing(permission).text());
    record(AdminChange.of(context, operation, session, permission, null), "forbidden")
        .onComplete(_ -> write(context, NOT_ADMIN.status(), body.toBuffer()));
  }

  private void authenticationFailed(RoutingContext context, Throwable cause, Runnable next) {
    ErrorShape ofKey = cause instanceof Refused refused ? StepUp.error(refused.refusal()) : null;
    if (ofKey != null) {
      RequestBodyHandler.skip(context);
      respond(context, ofKey, Map.of());
      return;
    }
    boolean invalid = cause instanceof Refused refused && refused.refusal() instanceof Denied;
    boolean missing = cause instanceof Refused refused && refused.refusal() instanceof Missing;
    if (!invalid && !missing) {
      RequestBodyHandler.skip(context);
      fail(context, cause);
    } else if (operation.access() == Operation.Access.OPTIONAL_LENIENT
        || (missing && operation.access() == Operation.Access.OPTIONAL)) {
      next.run();
    } else {
      RequestBodyHandler.skip(context);
      respond(context, invalid ? INVALID_TOKEN : PLAYER_NOT_FOUND, Map.of());
    }
  }

  /** Serves a request that {@link #authorize} has let pass and whose body has been read. */
  void serve(RoutingContext context) {
    Session session = operation.access() == Operation.Access.PUBLIC ? null : context.get(SESSION);
    AuditedChange change = null;
    Future<Response> response;
    try {
      Permission permission = operation.permission();
      Input input;
      if (session != null && operation.isAudited()) {
        // A request whose input is refused is recorded too.
        change = AdminChange.of(context, operation, session, permission, null);
        input = Input.of(context, operation);
        change = AdminChange.of(context, operation, session, permission, input);
      } else {
        input = Input.of(context, operation);
      }
      Served served = ViewAs.session(context) == null ? route : view;
      response = served.handle(context, input, session, change);
    } catch (RuntimeException | Error failure) {
      FatalErrors.endIfFatal(failure);
      response = Future.failedFuture(failure);
    }
    AuditedChange made = change;
    (made == null ? response : response.transform(result -> recorded(made, result)))
        .onComplete(completed -> write(context, completed), failure -> fail(context, failure));
  }

  /** Records what no transaction has recorded: a change outside of the database, or a refusal. */
  private Future<Response> recorded(AuditedChange change, AsyncResult<Response> result) {
    if (result.succeeded()) {
      return change.needsRecord()
          ? record(change, AuditEntry.DONE).map(result.result())
          : Future.succeededFuture(result.result());
    }
    Throwable cause = result.cause();
    String code =
        switch (cause) {
          case Refused refused -> refused.refusal().code();
          case InvalidRequest _ -> "invalid";
          default -> "failed";
        };
    return record(change, code).transform(_ -> Future.failedFuture(cause));
  }

  private Future<Done> record(AuditedChange change, String result) {
    return bus.ask(new ConsoleCommand.Record(change, result));
  }

  private static void write(RoutingContext context, Response completed) {
    Runnable forward = completed.forward();
    if (forward != null) {
      forward.run();
      return;
    }
    ChunkedBody chunks = completed.chunks();
    if (chunks == null) {
      write(context, completed.status(), completed.body());
      return;
    }
    HttpServerResponse response = context.response();
    if (!response.closed()) {
      response.setStatusCode(completed.status());
      if (!response.headers().contains(HttpHeaders.CONTENT_TYPE)) {
        response.putHeader(HttpHeaders.CONTENT_TYPE, JSON);
      }
      chunks.send(response).onFailure(context::fail);
    }
  }

  private void fail(RoutingContext context, Throwable cause) {
    switch (cause) {
      case InvalidRequest invalid -> respond(context, invalid.shape(), invalid.fields());
      case Refused refused -> refuse(context, refused.refusal());
      default -> context.fail(cause);
    }
  }

  private void refuse(RoutingContext context, Refusal refusal) {
    ErrorShape ofFactor = StepUp.error(refusal);
    ErrorShape shape = ofFactor == null ? operation.errorShape(refusal) : ofFactor;
    if (shape == Operation.TOO_MANY_REQUESTS && refusal instanceof Limited(_, Duration after)) {
      setRetryAfter(context, after);
      context.response().setStatusCode(shape.status()).end("Too Many Requests");
      return;
    }
    if (refusal instanceof Unavailable(_, Duration after)) {
      setRetryAfter(context, after);
    }
    Map<String, List<String>> fields =
        refusal instanceof Invalid(_, var errors) ? errors : Map.of();
    RequestInfo.of(context).problem(refusal.code());
    JsonObject body = shape.body(fields);
    if (refusal instanceof Denied(_, var details)) {
      String errorFrom = shape.errorFrom();
      if (errorFrom == null) {
        details.forEach(body::put);
      } else {
        body.put("error", details.get(errorFrom));
      }
    }
    write(context, shape.status(), body.toBuffer());
  }

  private static void setRetryAfter(RoutingContext context, Duration after) {
    long seconds = Math.max(1, after.plusMillis(999).toSeconds());
    context.response().putHeader(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
  }

  private static void respond(
      RoutingContext context, ErrorShape shape, Map<String, List<String>> fields) {
    RequestInfo.of(context).problem(shape.error());
    write(context, shape.status(), shape.body(fields).toBuffer());
  }

  private static void write(RoutingContext context, int status, Buffer body) {
    HttpServerResponse response = context.response();
    if (response.closed()) {
      // The client has disconnected; the effect of the request stays.
      return;
    }
    response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, JSON).end(body);
  }
}
