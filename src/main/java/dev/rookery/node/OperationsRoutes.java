package dev.rookery.node;

import dev.rookery.config.Secret;
import dev.rookery.edge.HttpErrors;
import dev.rookery.edge.Protocol;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** Routes for operators: liveness, readiness and metrics. */
final class OperationsRoutes implements Protocol {
  private static final String LIVE = "/health/live";
  private static final String READY = "/health/ready";
  private static final String METRICS = "/metrics";
  private static final String JSON = "application/json; charset=utf-8";
  private static final String ALIVE = "{\"status\":\"live\"}";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final Health health;
  private final PrometheusMeterRegistry meters;
  private final byte @Nullable [] authorization;

  OperationsRoutes(Health health, PrometheusMeterRegistry meters, @Nullable Secret token) {
    this.health = health;
    this.meters = meters;
    this.authorization =
        token == null ? null : ("Bearer " + token.value()).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void mount(Router router) {
    router.get(LIVE).handler(OperationsRoutes::live);
    router.get(READY).handler(this::ready);
    router.get(METRICS).handler(this::metrics);
  }

  @Override
  public boolean isExempt(String path) {
    return path.equals(LIVE) || path.equals(READY) || path.equals(METRICS);
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

  private void metrics(RoutingContext context) {
    if (!allowed(context.request().getHeader(HttpHeaders.AUTHORIZATION))) {
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

  private boolean allowed(@Nullable String given) {
    return authorization == null
        || (given != null
            && MessageDigest.isEqual(authorization, given.getBytes(StandardCharsets.UTF_8)));
  }
}
