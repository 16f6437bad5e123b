package dev.rookery.edge;

import io.vertx.ext.web.Router;

/** A family of clients: what one must provide to be served at the edge. */
public interface Protocol {
  /**
   * Mounts the wire's routes and upgrades. Called once for each event loop, on it, with that loop's
   * own router; the shared handlers (request id, metrics, CORS, rate limits) are already in place,
   * the body is not yet read: see {@link RequestBodyHandler}.
   */
  void mount(Router router);

  /**
   * Whether the wire itself tells browsers which pages may read its answers at the path, preflights
   * included. Asked as {@link #isExempt}.
   */
  default boolean handlesCors(String path) {
    return false;
  }

  /**
   * Whether requests for the path are served whatever the rate limits say: upgrades to sockets,
   * files, probes. Asked for every request of every wire, so it must be cheap. Such paths are also
   * served while the node drains; {@link SocketRegistry} refuses upgrades by itself then.
   */
  default boolean isExempt(String path) {
    return false;
  }
}
