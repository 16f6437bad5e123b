package dev.rookery.node;

import dev.rookery.config.NodeConfig;
import dev.rookery.config.Secret;
import dev.rookery.edge.HttpErrors;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * Serves {@code /metrics} for Prometheus.
 *
 * <p>With a token it is required as a bearer token. In production, on the port that players reach,
 * the route answers 401 to everybody until there is a token, because the metrics tell how much is
 * played and how a server can be brought down.
 */
final class MetricsRoute {
  static final String PATH = "/metrics";

  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final PrometheusMeterRegistry meters;
  private final boolean open;
  private final byte @Nullable [] authorization;

  MetricsRoute(NodeConfig config, PrometheusMeterRegistry meters) {
    Secret token = config.metrics().token();
    this.meters = meters;
    this.open = token == null && !isClosed(config);
    this.authorization =
        token == null ? null : ("Bearer " + token.value()).getBytes(StandardCharsets.UTF_8);
  }

  /** Whether the metrics are served to nobody. */
  static boolean isClosed(NodeConfig config) {
    return config.production()
        && config.metrics().token() == null
        && config.metrics().port() == null;
  }

  void mount(Router router) {
    router.get(PATH).handler(this::handle);
  }

  private void handle(RoutingContext context) {
    if (!isAllowed(context.request().getHeader(HttpHeaders.AUTHORIZATION))) {
      context.response().putHeader("www-authenticate", "Bearer");
      HttpErrors.respond(context, 401);
      return;
    }
    // Writing thousands of series takes milliseconds, too long for an event loop.
    context
        .vertx()
        .executeBlocking(() -> meters.scrape(), false)
        .onSuccess(
            text -> context.response().putHeader(HttpHeaders.CONTENT_TYPE, PROMETHEUS).end(text))
        .onFailure(context::fail);
  }

  private boolean isAllowed(@Nullable String given) {
    return open
        || (authorization != null
            && given != null
            && MessageDigest.isEqual(authorization, given.getBytes(StandardCharsets.UTF_8)));
  }
}
