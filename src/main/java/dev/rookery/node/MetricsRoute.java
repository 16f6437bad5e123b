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
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Serves {@code /metrics} for Prometheus: all metrics, or those that {@code name[]} names, as its
 * client libraries do.
 *
 * <p>With a token it is required as a bearer token. In production, on the port that players reach,
 * the route answers 401 to everybody until there is a token, because the metrics tell how much is
 * played and how a server can be brought down.
 */
final class MetricsRoute {
  static final String PATH = "/metrics";

  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
  private static final String NAME = "name[]";

  /** What the name of a series adds to that of its metric. */
  private static final Pattern SERIES = Pattern.compile("_(total|count|sum|bucket)$");

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
    Set<String> named = metrics(context.queryParam(NAME));
    // Writing thousands of series takes milliseconds, too long for an event loop.
    context
        .vertx()
        .executeBlocking(() -> meters.scrape(PROMETHEUS, named), false)
        .onSuccess(
            text -> context.response().putHeader(HttpHeaders.CONTENT_TYPE, PROMETHEUS).end(text))
        .onFailure(context::fail);
  }

  /** The metrics to which the named series belong; null if none is named, for all. */
  private static @Nullable Set<String> metrics(List<String> names) {
    if (names.isEmpty()) {
      return null;
    }
    return names.stream()
        .flatMap(name -> Stream.of(name, SERIES.matcher(name).replaceFirst("")))
        .collect(Collectors.toUnmodifiableSet());
  }

  private boolean isAllowed(@Nullable String given) {
    return open
        || (authorization != null
            && given != null
            && MessageDigest.isEqual(authorization, given.getBytes(StandardCharsets.UTF_8)));
  }
}
