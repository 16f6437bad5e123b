package dev.rookery.edge;

import io.vertx.ext.web.Router;

/** A family of clients: what one must provide to be served at the edge. */
public interface Protocol {
  /**
   * Mounts the wire's routes and upgrades. Called once for each event loop, on it, with that loop's
   * own router; the shared handlers (request id, metrics, CORS, rate limits) are already in place,
   * the body is not yet read.
   */
  void mount(Router router);
}
