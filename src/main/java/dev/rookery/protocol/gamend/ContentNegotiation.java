package dev.rookery.protocol.gamend;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;

/**
 * Which form of answer a client takes. {@code _format} in the query is stronger than the header.
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
