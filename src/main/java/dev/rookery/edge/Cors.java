package dev.rookery.edge;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Cross-origin resource sharing: tells browsers which origins may read the responses.
 *
 * <p>Credentials are allowed, so the response names the origin itself and never {@code *}. A
 * preflight is always answered with 200; for an origin that is not allowed, the CORS headers are
 * absent.
 */
final class Cors {
  private static final CharSequence EXPOSED = HttpHeaders.createOptimized("x-request-time");
  private static final CharSequence TRUE = HttpHeaders.createOptimized("true");
  private static final CharSequence VARY_ORIGIN = HttpHeaders.createOptimized("origin");
  private static final String METHODS = "GET, POST, PUT, PATCH, DELETE, OPTIONS";
  private static final Set<String> METHODS_ALLOWED =
      Set.of("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD");
  private static final String HEADERS = "content-type, authorization";
  private static final Set<String> HEADERS_ALLOWED =
      Set.of("content-type", "authorization", "accept", "accept-language", "content-language");
  private static final String IDEMPOTENCY_KEY = "idempotency-key";

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
    boolean idempotency = false;
    for (String name : requested.split(",", -1)) {
      String header = name.strip().toLowerCase(Locale.ROOT);
      if (header.equals(IDEMPOTENCY_KEY)) {
        idempotency = true;
      } else if (!header.isEmpty() && !HEADERS_ALLOWED.contains(header)) {
        return null;
      }
    }
    return idempotency ? HEADERS + ", " + IDEMPOTENCY_KEY : HEADERS;
  }
}
