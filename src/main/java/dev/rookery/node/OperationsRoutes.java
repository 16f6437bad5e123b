package dev.rookery.node;

import dev.rookery.edge.Protocol;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** Routes for operators: liveness, readiness and metrics. */
final class OperationsRoutes implements Protocol {
  private static final String LIVE = "/health/live";
  private static final String READY = "/health/ready";
  private static final String JSON = "application/json; charset=utf-8";
  private static final String ALIVE = "{\"status\":\"live\"}";

  private final Health health;
  private final @Nullable MetricsRoute metrics;

  /**
   * @param metrics null if they are served elsewhere
   */
  OperationsRoutes(Health health, @Nullable MetricsRoute metrics) {
    this.health = health;
    this.metrics = metrics;
  }

  @Override
  public void mount(Router router) {
    router.get(LIVE).handler(OperationsRoutes::live);
    router.get(READY).handler(this::ready);
    if (metrics != null) {
      metrics.mount(router);
    }
  }

  @Override
  public boolean isExempt(String path) {
    return path.equals(LIVE) || path.equals(READY) || path.equals(MetricsRoute.PATH);
  }

  @Override
  public boolean isHealthCheck(String path) {
    return isExempt(path);
  }

  private static void live(RoutingContext context) {
    context.response().putHeader(HttpHeaders.CONTENT_TYPE, JSON).end(ALIVE);
  }

  private void ready(RoutingContext context) {
    health
        .report()
        .onSuccess(
            report ->
                context
                    .response()
                    .setStatusCode(report.ready() ? 200 : 503)
                    .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
                    .end(report.json().encode()))
        .onFailure(context::fail);
  }
}
