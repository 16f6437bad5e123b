package dev.rookery.edge;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.function.Predicate;

/**
 * Tells requests of pages of this server from those of other sites. Browsers send the origin with
 * every upgrade to a WebSocket.
 *
 * @param others further origins of this server, such as that of a proxy
 */
public record OwnOrigin(Predicate<String> others) {
  /** Whether a page of this server makes the request; false if it names no origin. */
  public boolean matches(HttpServerRequest request) {
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    String host = request.getHeader(HttpHeaders.HOST);
    if (origin == null || host == null) {
      return false;
    }
    try {
      return host.equalsIgnoreCase(new URI(origin).getAuthority()) || others.test(origin);
    } catch (URISyntaxException _) {
      return false;
    }
  }
}
