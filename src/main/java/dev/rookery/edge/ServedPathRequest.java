package dev.rookery.edge;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import io.vertx.core.internal.http.HttpServerRequestWrapper;
import java.util.List;

/**
 * A request that is routed by another path than the one that the client asked for. Its URI is still
 * the one that was sent.
 */
final class ServedPathRequest extends HttpServerRequestWrapper {
  private final String path;

  private ServedPathRequest(HttpServerRequestInternal request, String path) {
    super(request);
    this.path = path;
  }

  /** Returns the request as it is routed: itself, unless a protocol serves its path as another. */
  static HttpServerRequest of(HttpServerRequest request, List<Protocol> protocols) {
    String path = request.path();
    if (path != null && request instanceof HttpServerRequestInternal internal) {
      for (Protocol protocol : protocols) {
        String served = protocol.servedPath(path);
        if (!served.equals(path)) {
          return new ServedPathRequest(internal, served);
        }
      }
    }
    return request;
  }

  @Override
  public String path() {
    return path;
  }
}
