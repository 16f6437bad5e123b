package dev.rookery.edge;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Cross-origin resource sharing: tells browsers which origins may read the responses.
 *
 * <p>Credentials are allowed, so the response names the origin itself and never {@code *}. A
 * preflight is always answered with 200; for an origin that is not allowed, the CORS headers are
 * absent.
 */
public final class Cors {
  /** The response headers that pages may read. */
  public static final CharSequence EXPOSED =
      HttpHeaders.createOptimized("x-request-time, x-request-id, retry-after");

  private static final CharSequence TRUE = HttpHeaders.createOptimized("true");
  private static final CharSequence VARY_ORIGIN = HttpHeaders.createOptimized("origin");
  private static final String METHODS = "GET, POST, PUT, PATCH, DELETE, OPTIONS";
  private static final Set<String> METHODS_ALLOWED =
      Set.of("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD");
  private static final String HEADERS = "content-type, authorization";
  private static final Set<String> HEADERS_ALLOWED =
      Set.of("content-type", "authorization", "accept", "accept-language", "content-language");

  /**
   * Headers that libraries in the page add to requests: for tracing, and to repeat them safely.
   * Without them in the answer the browser would not send the request at all.
   */
  private static final Set<String> ADDED_BY_LIBRARIES =
      Set.of(
          "idempotency-key",
          "x-request-id",
          "x-correlation-id",
          "traceparent",
          "tracestate",
          "baggage",
          "sentry-trace",
          "b3",
          "uber-trace-id",
          "newrelic",
          "request-id",
          "request-context",
          "elastic-apm-traceparent",
          "sw8",
          "x-trace-id",
          "x-cloud-trace-context",
          "x-amzn-trace-id");

  private static final Pattern TRACING =
      Pattern.compile("(x-b3|x-datadog|x-instana|ot-tracer|uberctx)-[a-z0-9-]{1,40}");

  private final AllowedOrigins origins;

  Cors(AllowedOrigins origins) {
    this.origins = origins;
  }

  /** Adds the CORS headers of an ordinary request; answers a preflight and returns true. */
  boolean handle(HttpServerRequest request) {
    String origin = request.headers().get(HttpHeaders.ORIGIN);
    if (origin == null) {
      return false;
    }
    MultiMap response = request.response().headers();
    boolean allowed = origins.allowsHttp(origin);
    String requested =
        request.method().equals(HttpMethod.OPTIONS)
            ? request.headers().get(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD)
            : null;
    if (requested == null) {
      if (allowed) {
        allowOrigin(response, origin);
        response.set(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
      }
      return false;
    }
    String headers =
        allowedHeaders(request.headers().get(HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS));
    if (allowed && headers != null && METHODS_ALLOWED.contains(requested)) {
      allowOrigin(response, origin);
      response.set(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, METHODS);
      response.set(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, headers);
    }
    request.response().end();
    return true;
  }

  private static void allowOrigin(MultiMap response, String origin) {
    response.set(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    response.set(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS, TRUE);
    response.set(HttpHeaders.VARY, VARY_ORIGIN);
  }

  /**
   * The value of {@code Access-Control-Allow-Headers}; null if a requested header is not allowed.
   */
  private static @Nullable String allowedHeaders(@Nullable String requested) {
    if (requested == null) {
      return HEADERS;
    }
    // Listed only if requested, so that other clients get the same list as before.
    var further = new LinkedHashSet<String>();
    for (String name : requested.split(",", -1)) {
      String header = name.strip().toLowerCase(Locale.ROOT);
      if (isAddedByLibraries(header)) {
        further.add(header);
      } else if (!header.isEmpty() && !HEADERS_ALLOWED.contains(header)) {
        return null;
      }
    }
    return further.isEmpty() ? HEADERS : HEADERS + ", " + String.join(", ", further);
  }

  /**
   * The value of {@code Access-Control-Allow-Headers} for a protocol that allows these headers to
   * every page: also those requested that libraries add.
   */
  public static String withAddedByLibraries(String allowed, @Nullable String requested) {
    var headers = new LinkedHashSet<String>();
    headers.add(allowed);
    if (requested != null) {
      for (String name : requested.split(",", -1)) {
        String header = name.strip().toLowerCase(Locale.ROOT);
        if (isAddedByLibraries(header)) {
          headers.add(header);
        }
      }
    }
    return String.join(", ", headers);
  }

  private static boolean isAddedByLibraries(String header) {
    return ADDED_BY_LIBRARIES.contains(header) || TRACING.matcher(header).matches();
  }
}
