package dev.rookery.edge;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens to every request before its route: a name for it, the client's address, the headers
 * all answers carry, CORS, limits. One handler and one object per request, because each request of
 * each wire pays for it.
 */
final class HttpPipeline implements Handler<RoutingContext> {
  private static final Logger ACCESS = LoggerFactory.getLogger("dev.rookery.access");

  private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("x-request-id");
  private static final CharSequence REQUEST_TIME = HttpHeaders.createOptimized("x-request-time");
  private static final CharSequence REVALIDATE =
      HttpHeaders.createOptimized("max-age=0, private, must-revalidate");
  private static final long NANOS_PER_MICRO = 1_000;
  private static final int MICROS_PER_MILLI = 1_000;

  private final RequestIdGenerator requestIds;
  private final ClientAddressResolver clientAddresses;
  private final Cors cors;
  private final @Nullable RateLimits rateLimits;
  private final InFlightRequests requests;
  private final HttpMeters meters;
  private final List<Protocol> protocols;

  HttpPipeline(EdgeServices edge) {
    this.requestIds = new RequestIdGenerator(edge.ids());
    this.clientAddresses = edge.clientAddresses();
    this.cors = new Cors(edge.origins());
    this.rateLimits = edge.rateLimits();
    this.requests = edge.requests();
    this.meters = new HttpMeters(edge.meters());
    this.protocols = edge.protocols();
  }

  @Override
  public void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    String path = path(context);
    if (path != null && rerouteIfNeeded(context, request, path)) {
      return;
    }
    var exchange =
        new RequestInfo(
            requestIds.acceptOrCreate(request.headers().get(REQUEST_ID)),
            clientAddresses.resolve(request),
            System.nanoTime());
    exchange.attachTo(context);
    HttpServerResponse response = request.response();
    response.headers().set(REQUEST_ID, exchange.requestId());
    response.headers().set(HttpHeaders.CACHE_CONTROL, REVALIDATE);
    context.addHeadersEndHandler(
        _ -> response.headers().set(REQUEST_TIME, elapsed(exchange.startNanos())));
    // A socket is no request under way, however long it lasts.
    if (!"websocket".equalsIgnoreCase(request.headers().get(HttpHeaders.UPGRADE))) {
      requests.begin();
      context.addEndHandler(_ -> recordEnd(context, exchange));
    }
    if (!handlesCors(path) && cors.handle(request)) {
      return;
    }
    if (path == null) {
      HttpErrors.respond(context, 400);
      return;
    }
    if (isExempt(path)) {
      context.next();
    } else if (requests.isClosed()) {
      reject(response, 503, "1", "Service Unavailable");
    } else if (rateLimits == null) {
      context.next();
    } else if (rateLimits.isShared()) {
      // The body waits in the socket until it is known whether anybody will read it.
      request.pause();
      rateLimits
          .sharedRetryAfterMs(request.method(), path, exchange.clientAddress())
          .onComplete(
              asked -> {
                request.resume();
                proceed(context, asked.succeeded() ? asked.result() : 0);
              });
    } else {
      proceed(context, rateLimits.retryAfterMs(request.method(), path, exchange.clientAddress()));
    }
  }

  private static void proceed(RoutingContext context, long waitMs) {
    if (waitMs > 0) {
      String seconds = Long.toString(Math.max(1, (waitMs + 999) / 1000));
      reject(context.response(), 429, seconds, "Too Many Requests");
    } else {
      context.next();
    }
  }

  private static void reject(
      HttpServerResponse response, int status, String retryAfter, String text) {
    if (response.closed()) {
      return;
    }
    if (status == 503) {
      response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    response.setStatusCode(status).putHeader(HttpHeaders.RETRY_AFTER, retryAfter).end(text);
  }

  /** The path without dots and doubled slashes; null if its percent signs make no sense. */
  private static @Nullable String path(RoutingContext context) {
    try {
      return context.normalizedPath();
    } catch (IllegalArgumentException malformed) {
      return null;
    }
  }

  /**
   * HEAD is GET, whose body the server then leaves out; empty segments of API paths do not count.
   */
  private static boolean rerouteIfNeeded(
      RoutingContext context, HttpServerRequest request, String path) {
    boolean head = request.method().equals(HttpMethod.HEAD);
    String tidy =
        path.startsWith("/api/") || path.startsWith("//") ? withoutEmptySegments(path) : path;
    if (head || !tidy.equals(path)) {
      context.reroute(head ? HttpMethod.GET : request.method(), tidy);
      return true;
    }
    return false;
  }

  private static String withoutEmptySegments(String path) {
    if (!path.contains("//") && !path.endsWith("/")) {
      return path;
    }
    var tidy = new StringBuilder(path.length());
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      boolean last = i == path.length() - 1;
      if (c != '/' || (!last && path.charAt(i + 1) != '/')) {
        tidy.append(c);
      }
    }
    return tidy.isEmpty() ? "/" : tidy.toString();
  }

  private boolean handlesCors(@Nullable String path) {
    if (path != null) {
      for (Protocol protocol : protocols) {
        if (protocol.handlesCors(path)) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean isExempt(String path) {
    for (Protocol protocol : protocols) {
      if (protocol.isExempt(path)) {
        return true;
      }
    }
    return false;
  }

  private void recordEnd(RoutingContext context, RequestInfo exchange) {
    requests.end();
    long now = System.nanoTime();
    meters.record(context, exchange, now);
    if (ACCESS.isDebugEnabled()) {
      ACCESS.debug(
          "{} {} {} {} {} [{}]",
          context.request().method(),
          context.request().path(),
          context.response().getStatusCode(),
          elapsed(exchange.startNanos()),
          exchange.clientAddress(),
          exchange.requestId());
    }
  }

  /** {@code 1.234ms} */
  private static String elapsed(long startNanos) {
    long micros = (System.nanoTime() - startNanos) / NANOS_PER_MICRO;
    long fraction = micros % MICROS_PER_MILLI;
    String zeros = fraction < 10 ? "00" : fraction < 100 ? "0" : "";
    return micros / MICROS_PER_MILLI + "." + zeros + fraction + "ms";
  }
}
