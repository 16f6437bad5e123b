package dev.rookery.protocol.kamon;

import dev.rookery.edge.AllowedOrigins;
import dev.rookery.edge.Protocol;
import dev.rookery.edge.RequestInfo;
import dev.rookery.edge.SocketOwner;
import dev.rookery.edge.WebSocketUpgrader;
import dev.rookery.relay.Relay;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * Accepts the WebSockets of two-player games at {@code /ws}. Requests with {@code token} or {@code
 * game_id} in the query are left to other protocols.
 */
public final class KamonEndpoint implements Protocol {
  private static final String PATH = "/ws";

  private final WebSocketUpgrader upgrader;
  private final AllowedOrigins origins;
  private final Relay relay;

  public KamonEndpoint(WebSocketUpgrader upgrader, AllowedOrigins origins, Relay relay) {
    this.upgrader = upgrader;
    this.origins = origins;
    this.relay = relay;
  }

  @Override
  public void mount(Router router) {
    router.route(PATH).setName(PATH).handler(this::handle);
  }

  @Override
  public boolean isExempt(String path) {
    return path.equals(PATH);
  }

  private void handle(RoutingContext context) {
    var query = context.queryParams();
    if (query.contains("token") || query.contains("game_id")) {
      context.next();
      return;
    }
    var request = context.request();
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    if (origin != null && !origins.allowsSocket(origin)) {
      context.response().setStatusCode(403).end();
    } else if (!WebSocketUpgrader.isUpgradeRequest(request)) {
      context.response().setStatusCode(400).end();
    } else {
      var owner = SocketOwner.stranger(RequestInfo.of(context).clientAddress());
      if (upgrader.admit(request, owner)) {
        upgrader.upgrade(
            request,
            owner,
            connection ->
                new KamonSocket(connection, relay, () -> upgrader.admitRegistration(owner)));
      }
    }
  }
}
