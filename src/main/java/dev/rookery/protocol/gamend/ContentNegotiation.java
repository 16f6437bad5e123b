package dev.rookery.protocol.gamend;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;

/**
 * Which form of answer a client takes. {@code _format} in the query is stronger than the header.
 */
final class ContentNegotiation {
  private ContentNegotiation() {}

  static boolean json(HttpServerRequest request) {
    return admits(request, "json", "application/");
  }

  static boolean html(HttpServerRequest request) {
    return admits(request, "html", "text/");
  }

  private static boolean admits(HttpServerRequest request, String form, String family) {
    String query = request.query();
    if (query != null && query.contains("_format=")) {
      String wanted = request.getParam("_format");
      if (wanted != null) {
        return wanted.equals(form);
      }
    }
    String accept = request.headers().get(HttpHeaders.ACCEPT);
    if (accept == null || accept.isBlank() || accept.equals("*/*")) {
      return true;
    }
    for (String range : accept.toLowerCase(Locale.ROOT).split(",", -1)) {
      int end = range.indexOf(';');
      String type = (end < 0 ? range : range.substring(0, end)).strip();
      if (type.equals("*/*") || type.equals(family + "*") || type.equals(family + form)) {
        return true;
      }
    }
    return false;
  }
}
