package dev.rookery.edge;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells browsers which pages may read our answers.
 *
 * <p>Credentials are allowed, so an allowed origin is echoed, never answered with {@code *}. A
 * preflight is always answered with 200; a page that may not is told so by the headers' absence.
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

  /** Adds what belongs to an actual request; whether the request was a preflight, now answered. */
  boolean handle(HttpServerRequest request) {
    String origin = request.headers().get(HttpHeaders.ORIGIN);
    if (origin == null) {
      return false;
    }
    MultiMap answer = request.response().headers();
    boolean allowed = origins.allowsHttp(origin);
    String asked =
        request.method().equals(HttpMethod.OPTIONS)
            ? request.headers().get(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD)
            : null;
    if (asked == null) {
      if (allowed) {
        allowOrigin(answer, origin);
        answer.set(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
      }
      return false;
    }
    String headers =
        allowedHeaders(request.headers().get(HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS));
    if (allowed && headers != null && METHODS_ALLOWED.contains(asked)) {
      allowOrigin(answer, origin);
      answer.set(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, METHODS);
      answer.set(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, headers);
    }
    request.response().end();
    return true;
  }

  private static void allowOrigin(MultiMap answer, String origin) {
    answer.set(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    answer.set(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS, TRUE);
    answer.set(HttpHeaders.VARY, VARY_ORIGIN);
  }

  /** What to allow, or null if a header was asked for that is not allowed. */
  private static @Nullable String allowedHeaders(@Nullable String asked) {
    if (asked == null) {
      return HEADERS;
    }
    // Named only to those who ask for it, so that all others see the list they know.
    boolean idempotency = false;
    for (String name : asked.split(",", -1)) {
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
