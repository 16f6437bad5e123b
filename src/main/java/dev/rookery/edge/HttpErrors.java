package dev.rookery.edge;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refusal.Conflict;
import dev.rookery.base.Refusal.Denied;
import dev.rookery.base.Refusal.Invalid;
import dev.rookery.base.Refusal.Limited;
import dev.rookery.base.Refusal.Missing;
import dev.rookery.base.Refusal.Unavailable;
import dev.rookery.base.Refused;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.VertxException;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.StreamResetException;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Responses for errors that no protocol handles: unknown route, unreadable body, internal failure.
 * Clients that accept JSON get {@code {"errors":{"detail":"Not Found"}}}, all others the bare
 * reason phrase.
 */
public final class HttpErrors {
  private static final Logger LOG = LoggerFactory.getLogger(HttpErrors.class);
  private static final CharSequence JSON =
      HttpHeaders.createOptimized("application/json; charset=utf-8");
  private static final CharSequence HTML = HttpHeaders.createOptimized("text/html; charset=utf-8");

  /** The key under which a logged failure has its request's id, beside the message. */
  public static final String REQUEST_ID = "request_id";

  private HttpErrors() {}

  /** Responds in the format the client accepts; for errors before a route was chosen. */
  public static void respond(RoutingContext context, int status) {
    respond(context.request(), status);
  }

  /** Responds in JSON regardless of {@code Accept}; for routes that produce only JSON. */
  public static void respondJson(RoutingContext context, int status) {
    write(context.response(), status, true);
  }

  static void respond(HttpServerRequest request, int status) {
    write(request.response(), status, prefersJson(request));
  }

  /**
   * The failure handler of last resort, for failures that no protocol has handled. Logs those with
   * status 5xx, unless the client has left: then there is nobody to answer, and nothing failed.
   */
  static void handleFailure(RoutingContext context) {
    if (!isOfConnection(context.failure())) {
      respondToFailure(context);
    } else if (hasClientLeft(context)) {
      logLeft(context);
    } else {
      // A connection that is reset fails first and is closed right after.
      context
          .vertx()
          .runOnContext(
              _ -> {
                if (hasClientLeft(context)) {
                  logLeft(context);
                } else {
                  respondToFailure(context);
                }
              });
    }
  }

  /** Whether this is how requests and responses fail on a connection that is closed. */
  private static boolean isOfConnection(@Nullable Throwable failure) {
    return failure instanceof IOException
        || (failure != null && failure.getClass() == VertxException.class)
        || failure instanceof HttpClosedException
        || failure instanceof StreamResetException;
  }

  private static boolean hasClientLeft(RoutingContext context) {
    return context.response().closed()
        || !((ConnectionBase) context.request().connection()).channel().isActive();
  }

  private static void logLeft(RoutingContext context) {
    if (LOG.isDebugEnabled()) {
      LOG.debug(
          "the client left: {} {}", context.request().method(), RequestInfo.routeLabel(context));
    }
  }

  private static void respondToFailure(RoutingContext context) {
    int status = status(context.failure(), context.statusCode());
    if (status >= 500) {
      log(context, status);
    }
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    if (response.headWritten()) {
      // A truncated response must not look complete.
      context.request().connection().close();
      return;
    }
    if (status == 413) {
      // Closing the connection avoids reading the rest of the body.
      response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    respond(context, status);
  }

  private static void log(RoutingContext context, int status) {
    RequestInfo info = RequestInfo.find(context);
    String id = info == null ? "-" : info.requestId();
    var method = context.request().method();
    // The route and never the path, which may hold a token.
    String route = RequestInfo.routeLabel(context);
    try (var _ = MDC.putCloseable(REQUEST_ID, id)) {
      if (context.failure() instanceof Refused refused) {
        String why = refused.getMessage();
        LOG.warn("{} {} {}: {} [{}]", status, method, route, why, id);
      } else if (context.failure() == null) {
        LOG.warn("{} {} {} [{}]", status, method, route, id);
      } else {
        LOG.error("{} {} {} [{}]", status, method, route, id, context.failure());
      }
    }
  }

  private static int status(@Nullable Throwable failure, int status) {
    if (failure instanceof Refused refused) {
      return status(refused.refusal());
    }
    return status >= 400 ? status : 500;
  }

  private static int status(Refusal refusal) {
    return switch (refusal) {
      case Missing _ -> 404;
      case Denied _ -> 403;
      case Conflict _ -> 409;
      case Invalid _ -> 422;
      case Limited _ -> 429;
      case Unavailable _ -> 503;
    };
  }

  private static void write(HttpServerResponse response, int status, boolean json) {
    // Only standard reason phrases, which need no escaping.
    String phrase = HttpResponseStatus.valueOf(status).reasonPhrase();
    response.setStatusCode(status);
    if (json) {
      response.putHeader(HttpHeaders.CONTENT_TYPE, JSON);
      response.end("{\"errors\":{\"detail\":\"" + phrase + "\"}}");
    } else {
      response.putHeader(HttpHeaders.CONTENT_TYPE, HTML);
      response.end(phrase);
    }
  }

  private static boolean prefersJson(HttpServerRequest request) {
    String query = request.query();
    if (query != null && query.contains("_format=json")) {
      return true;
    }
    String accept = request.headers().get(HttpHeaders.ACCEPT);
    if (accept == null) {
      return false;
    }
    String types = accept.toLowerCase(Locale.ROOT);
    int json = types.indexOf("json");
    int html = types.indexOf("html");
    return json >= 0 && (html < 0 || json < html);
  }
}
