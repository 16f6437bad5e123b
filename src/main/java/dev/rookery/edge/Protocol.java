package dev.rookery.edge;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * A client protocol that the HTTP server hosts: its routes, WebSockets, and exemptions from the
 * shared handlers.
 */
public interface Protocol {
  /**
   * Mounts the routes and WebSocket upgrades. Called once per event loop, on that event loop, with
   * its own router. The shared handler (request id, metrics, CORS, rate limits) runs before; the
   * body is not read yet: see {@link RequestBodyHandler}.
   */
  void mount(Router router);

  /**
   * Returns the path that requests for a path are routed by; the path itself, unless it is another
   * address of something that the protocol serves. Called for every request, like {@link
   * #isExempt}.
   */
  default String servedPath(String path) {
    return path;
  }

  /**
   * Whether the protocol sets the CORS headers for this path itself, and answers preflights. Called
   * for every request, like {@link #isExempt}.
   */
  default boolean handlesCors(String path) {
    return false;
  }

  /**
   * Whether requests for this path are served even if their query cannot be decoded; the protocol
   * must not decode it then. All others are answered with 400.
   */
  default boolean ignoresQuery(String path) {
    return false;
  }

  /**
   * Answers a request whose path or query cannot be decoded, in the format of the protocol.
   *
   * @param path as it was sent if it cannot be decoded
   * @return false if the path is not the protocol's own; nothing is answered then
   */
  default boolean rejectMalformed(RoutingContext context, String path) {
    return false;
  }

  /**
   * Whether requests for this path are exempt from the rate limits: WebSocket upgrades, static
   * files, health probes. Called for every request of every protocol, so it must be cheap. Exempt
   * paths are also served while the node drains; upgrades are then refused by {@link
   * WebSocketUpgrader}.
   */
  default boolean isExempt(String path) {
    return false;
  }

  /**
   * Whether requests for this path tell the health of the node. They are served even when the node
   * has more connections than it serves otherwise.
   */
  default boolean isHealthCheck(String path) {
    return false;
  }
}
