package dev.rookery.protocol.gamend;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;

/**
 * Decides whether a client accepts JSON or HTML, by its {@code Accept} header. The query parameter
 * {@code _format} overrides the header (Gamend HTTP contract, section 1.1).
 */
final class ContentNegotiation {
  private ContentNegotiation() {}

  static boolean acceptsJson(HttpServerRequest request) {
    return accepts(request, "json", "application/");
  }

  static boolean acceptsHtml(HttpServerRequest request) {
    return accepts(request, "html", "text/");
  }

  private static boolean accepts(HttpServerRequest request, String subtype, String typePrefix) {
    String query = request.query();
    if (query != null && query.contains("_format=")) {
      String override = request.getParam("_format");
      if (override != null) {
        return override.equals(subtype);
      }
    }
    String accept = request.headers().get(HttpHeaders.ACCEPT);
    if (accept == null || accept.isBlank() || accept.equals("*/*")) {
      return true;
    }
    for (String range : accept.toLowerCase(Locale.ROOT).split(",", -1)) {
      int end = range.indexOf(';');
      String type = (end < 0 ? range : range.substring(0, end)).strip();
      if (type.equals("*/*")
          || type.equals(typePrefix + "*")
          || type.equals(typePrefix + subtype)) {
        return true;
      }
    }
    return false;
  }
}
