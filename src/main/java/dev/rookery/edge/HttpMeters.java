package dev.rookery.edge;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Request durations by method, route and status. Confined to one event loop, so that finding a
 * timer is a lookup in a plain map; the timers themselves are shared.
 */
final class HttpMeters {
  // A time series is never dropped, so their number must not depend on what clients send.
  private static final int SERIES_MAX = 5_000;
  private static final String OTHER = RequestInfo.OTHER_ROUTE;

  private static final Duration[] BOUNDARIES = {
    Duration.ofMillis(1),
    Duration.ofMillis(2),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5),
  };

  private record Series(String method, String route, int status) {}

  private final MeterRegistry meters;
  private final Map<Series, Timer> timers = new HashMap<>();

  HttpMeters(MeterRegistry meters) {
    this.meters = meters;
  }

  void record(RoutingContext context, RequestInfo info, long endNanos) {
    var series =
        new Series(
            method(context.request().method()),
            RequestInfo.routeLabel(context),
            context.response().getStatusCode());
    Timer timer = timers.get(series);
    if (timer == null) {
      timer = add(series);
    }
    timer.record(endNanos - info.startNanos(), TimeUnit.NANOSECONDS);
  }

  private Timer add(Series series) {
    if (timers.size() >= SERIES_MAX) {
      return timer(new Series(OTHER, OTHER, series.status()));
    }
    Timer timer = timer(series);
    timers.put(series, timer);
    return timer;
  }

  private Timer timer(Series series) {
    return Timer.builder("rookery.http.requests")
        .description("HTTP requests answered, by route and status")
        .tag("method", series.method())
        .tag("route", series.route())
        .tag("status", Integer.toString(series.status()))
        .serviceLevelObjectives(BOUNDARIES)
        .register(meters);
  }

  /** The method as metrics and traces name it. */
  static String method(HttpMethod method) {
    return switch (method.name()) {
      case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" -> method.name();
      default -> OTHER;
    };
  }
}
