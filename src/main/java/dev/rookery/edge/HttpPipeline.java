package dev.rookery.edge;

import dev.rookery.trace.RunningTrace;
import dev.rookery.trace.Tracer;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
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
 * The first handler of every request: request id, client address, common response headers, CORS,
 * drain and rate limits, metrics and access log. It is a single handler that allocates one object
 * per request, because every request of every protocol passes it.
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
  private final SocketAdmission admission;
  private final ClientProblems problems;
  private final Tracer tracer;

  HttpPipeline(EdgeServices services) {
    this.requestIds = new RequestIdGenerator(services.ids());
    this.clientAddresses = services.clientAddresses();
    this.cors = new Cors(services.origins());
    this.rateLimits = services.rateLimits();
    this.requests = services.requests();
    this.meters = new HttpMeters(services.meters());
    this.protocols = services.protocols();
    this.admission = services.admission();
    this.problems = services.problems();
    this.tracer = services.tracer();
  }

  @Override
  public void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    String path = path(context);
    if (path != null && rerouteIfNeeded(context, request, path)) {
      return;
    }
    if (ViewAs.session(context) != null) {
      // Rerouted, which has removed the headers. It was counted and admitted before.
      RequestInfo known = RequestInfo.of(context);
      addHeaders(context, known, HttpChannelHandler.find(request));
      admit(context, known, path);
      return;
    }
    HttpChannelHandler connection = HttpChannelHandler.find(request);
    var info =
        new RequestInfo(
            requestIds.acceptOrCreate(request.headers().get(REQUEST_ID)),
            clientAddress(request, connection),
            System.nanoTime());
    info.attachTo(context);
    HttpServerResponse response = request.response();
    addHeaders(context, info, connection);
    if (connection != null) {
      connection.onRequest(context);
    }
    // A WebSocket does not count as a request in flight, however long it stays open.
    boolean counts = !"websocket".equalsIgnoreCase(request.headers().get(HttpHeaders.UPGRADE));
    if (counts) {
      requests.begin();
      info.trace(tracer.beginRequest(info.requestId(), info.startNanos()));
    }
    info.whenEnded(
        () -> {
          if (connection != null) {
            connection.onResponse();
          }
          if (response.getStatusCode() >= 400) {
            recordProblem(context, info, path);
          }
          if (counts) {
            recordEnd(context, info);
          }
        });
    context.addEndHandler(ended -> end(info, response, ended.succeeded()));
    if (connection != null && connection.isOverLimit() && (path == null || !isHealthCheck(path))) {
      request.pause();
      connection
          .room()
          .onComplete(
              room -> {
                request.resume();
                if (room.succeeded() && room.result()) {
                  admit(context, info, path);
                } else {
                  admission.count(SocketAdmission.Refusal.NODE);
                  reject(response, 503, "1", "Service Unavailable");
                }
              });
      return;
    }
    admit(context, info, path);
  }

  private static void addHeaders(
      RoutingContext context, RequestInfo info, @Nullable HttpChannelHandler connection) {
    MultiMap headers = context.response().headers();
    headers.set(REQUEST_ID, info.requestId());
    headers.set(HttpHeaders.CACHE_CONTROL, REVALIDATE);
    context.addHeadersEndHandler(
        _ -> {
          headers.set(REQUEST_TIME, elapsed(info.startNanos()));
          if (connection != null && connection.isShuttingDown()) {
            headers.set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
          }
        });
  }

  private String clientAddress(HttpServerRequest request, @Nullable HttpChannelHandler connection) {
    if (connection == null) {
      return clientAddresses.resolve(request);
    }
    ClientAddressResolver.Peer peer = connection.peer();
    if (peer == null) {
      peer = clientAddresses.peerOf(request);
      connection.setPeer(peer);
    }
    return clientAddresses.resolve(request, peer);
  }

  /** Counts the request as ended, as soon as its status is known. */
  private static void end(RequestInfo info, HttpServerResponse response, boolean succeeded) {
    if (succeeded || response.ended() || response.closed()) {
      info.end();
    } else {
      // The body could not be read, and the response follows. The context calls its handlers once.
      response.endHandler(_ -> info.end()).closeHandler(_ -> info.end());
    }
  }

  /** Passes a request on that the node has a connection for. */
  private void admit(RoutingContext context, RequestInfo info, @Nullable String path) {
    HttpServerRequest request = context.request();
    HttpServerResponse response = request.response();
    if (!handlesCors(path == null ? request.path() : path) && cors.handle(request)) {
      return;
    }
    if (path == null || !hasValidTarget(request, path)) {
      rejectMalformed(context, path == null ? request.path() : path);
      return;
    }
    if (isExempt(path) || ViewAs.session(context) != null) {
      context.next();
    } else if (requests.isClosed()) {
      reject(response, 503, "1", "Service Unavailable");
    } else if (rateLimits == null) {
      context.next();
    } else if (rateLimits.isShared()) {
      // The body stays in the TCP buffer until the request is admitted.
      request.pause();
      rateLimits
          .sharedRetryAfterMs(request.method(), path, info.clientAddress())
          .onComplete(
              retryAfter -> {
                request.resume();
                proceed(context, retryAfter.succeeded() ? retryAfter.result() : 0);
              });
    } else {
      proceed(context, rateLimits.retryAfterMs(request.method(), path, info.clientAddress()));
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

  /** The normalized path; null if its percent encoding is malformed. */
  private static @Nullable String path(RoutingContext context) {
    try {
      return context.normalizedPath();
    } catch (IllegalArgumentException malformed) {
      return null;
    }
  }

  /**
   * Whether path and query can be decoded. Checked once and here, so that no handler and no log
   * meets one that cannot.
   */
  private boolean hasValidTarget(HttpServerRequest request, String path) {
    String query = request.query();
    return PercentEncoding.isValidPath(request.path())
        && (query == null || PercentEncoding.isValid(query) || ignoresQuery(path));
  }

  private void rejectMalformed(RoutingContext context, @Nullable String path) {
    if (path != null) {
      for (Protocol protocol : protocols) {
        if (protocol.rejectMalformed(context, path)) {
          return;
        }
      }
    }
    HttpErrors.respond(context, 400);
  }

  private boolean ignoresQuery(String path) {
    for (Protocol protocol : protocols) {
      if (protocol.ignoresQuery(path)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Routes HEAD as GET, whose body the server leaves out, and API paths without their empty
   * segments; returns whether the request was rerouted.
   */
  private static boolean rerouteIfNeeded(
      RoutingContext context, HttpServerRequest request, String path) {
    boolean head = request.method().equals(HttpMethod.HEAD);
    String normalized =
        path.startsWith("/api/") || path.startsWith("//") ? withoutEmptySegments(path) : path;
    if (head || !normalized.equals(path)) {
      context.reroute(head ? HttpMethod.GET : request.method(), normalized);
      return true;
    }
    return false;
  }

  private static String withoutEmptySegments(String path) {
    if (!path.contains("//") && !path.endsWith("/")) {
      return path;
    }
    var normalized = new StringBuilder(path.length());
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      boolean last = i == path.length() - 1;
      if (c != '/' || (!last && path.charAt(i + 1) != '/')) {
        normalized.append(c);
      }
    }
    return normalized.isEmpty() ? "/" : normalized.toString();
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

  private boolean isHealthCheck(String path) {
    for (Protocol protocol : protocols) {
      if (protocol.isHealthCheck(path)) {
        return true;
      }
    }
    return false;
  }

  private void recordProblem(RoutingContext context, RequestInfo info, @Nullable String path) {
    problems.add(
        info.clientAddress(),
        context.request().method().name(),
        path == null ? "" : path,
        RequestInfo.routeLabel(context),
        context.response().getStatusCode(),
        info.problem());
  }

  private void recordEnd(RoutingContext context, RequestInfo info) {
    requests.end();
    long now = System.nanoTime();
    meters.record(context, info, now);
    RunningTrace trace = info.trace();
    int status = context.response().getStatusCode();
    if (trace != null || tracer.keepsUnsampled(status, now - info.startNanos())) {
      String operation =
          HttpMeters.method(context.request().method()) + " " + RequestInfo.routeLabel(context);
      tracer.endRequest(trace, info.requestId(), operation, status, info.startNanos(), now);
    }
    if (ACCESS.isDebugEnabled()) {
      // The route and never the path, which may hold a token.
      ACCESS.debug(
          "{} {} {} {} {} [{}]",
          context.request().method(),
          RequestInfo.routeLabel(context),
          context.response().getStatusCode(),
          elapsed(info.startNanos()),
          info.clientAddress(),
          info.requestId());
    }
  }

  /** The time since then, as {@code 1.234ms}. */
  private static String elapsed(long startNanos) {
    long micros = (System.nanoTime() - startNanos) / NANOS_PER_MICRO;
    long fraction = micros % MICROS_PER_MILLI;
    String zeros = fraction < 10 ? "00" : fraction < 100 ? "0" : "";
    return micros / MICROS_PER_MILLI + "." + zeros + fraction + "ms";
  }
}
