package dev.rookery.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.store.DatabaseLocation;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.TestNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class NodeTest {
  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void isLiveAndReadyOnEitherDatabase(Databases.TestDatabase testDatabase) {
    try (var node = TestNode.start(testDatabase)) {
      assertThat(node.get("/health/live").body()).isEqualTo("{\"status\":\"live\"}");
      var ready = node.get("/health/ready");
      assertThat(ready.statusCode()).isEqualTo(200);
      assertThat(ready.body()).isEqualTo("{\"status\":\"ready\",\"checks\":{\"database\":\"ok\"}}");
    }
  }

  @Test
  void namesMetricsAsDashboardsExpect() {
    try (var node = TestNode.start()) {
      node.get("/health/live");
      node.get("/nowhere/at/all");
      assertThat(node.get("/metrics").body())
          .contains("rookery_http_requests_seconds_bucket{method=\"GET\",route=\"/health/live\"")
          .contains("rookery_http_requests_seconds_count{method=\"GET\",route=\"none\"")
          .contains("rookery_http_underway")
          .contains("rookery_sockets")
          .contains("rookery_eventloop_lag_seconds")
          .contains("rookery_ready 1")
          .contains("jvm_memory_used_bytes")
          .contains("process_uptime_seconds")
          .contains("system_cpu_usage")
          .doesNotContain("/nowhere");
    }
  }

  @Test
  void servesOnlyTheMetricsThatAreNamed() {
    try (var node = TestNode.start()) {
      node.get("/health/live");
      assertThat(
              node.get(
                      "/metrics?name%5B%5D=rookery_ready"
                          + "&name%5B%5D=rookery_http_requests_seconds_count")
                  .body())
          .contains("rookery_ready 1")
          .contains("rookery_http_requests_seconds_count{method=\"GET\",route=\"/health/live\"")
          .doesNotContain("jvm_memory", "rookery_http_underway");
      assertThat(node.get("/metrics?name%5B%5D=rookery_sockets_frames_in_total").body())
          .contains("\nrookery_sockets_frames_in_total");
      var unknown = node.get("/metrics?name%5B%5D=unknown");
      assertThat(unknown.statusCode()).isEqualTo(200);
      assertThat(unknown.body()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void reportsEventBusAndPoolsOfVertxWithoutASeriesPerAddress(Databases.TestDatabase place) {
    try (var node = TestNode.start(place)) {
      node.post("/api/v1/login/device", "{\"device_id\":\"counted-by-vertx\"}");
      String metrics = node.get("/metrics").body();
      assertThat(metrics)
          .containsPattern("vertx_eventbus_processed_total\\{side=\"local\"\\} [1-9]")
          .contains("vertx_pool_completed_total{pool_name=\"vert.x-worker-thread\"")
          .doesNotContain("vertx_http_server")
          .doesNotContain("address=");
      if (place.location() instanceof DatabaseLocation.Server) {
        assertThat(metrics)
            .containsPattern(
                "vertx_pool_completed_total\\{pool_name=\"rookery-store\",pool_type=\"sql\"\\}"
                    + " [1-9]");
      }
    }
  }

  @Test
  void requiresTheTokenForMetrics() {
    try (var node = TestNode.start(Databases.sqlite(), Map.of("METRICS_TOKEN", "open"))) {
      assertThat(node.get("/metrics").statusCode()).isEqualTo(401);
      assertThat(node.get("/metrics", "authorization", "Bearer wrong").statusCode()).isEqualTo(401);
      assertThat(node.get("/metrics", "authorization", "Bearer open").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void closesTheMetricsInProductionUntilThereIsATokenOrAPort() {
    var production = Map.of("ROOKERY_ENV", "production");
    try (var node = TestNode.start(Databases.sqlite(), production)) {
      var refused = node.get("/metrics");
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(refused.headers().firstValue("www-authenticate")).hasValue("Bearer");
      assertThat(refused.body()).doesNotContain("rookery_");
      assertThat(node.get("/metrics/", "authorization", "Bearer ").statusCode()).isEqualTo(401);
      assertThat(node.get("//metrics", "authorization", "Bearer null").statusCode()).isEqualTo(401);
    }
    var withToken = Map.of("ROOKERY_ENV", "production", "METRICS_TOKEN", "scraper");
    try (var node = TestNode.start(Databases.sqlite(), withToken)) {
      assertThat(node.get("/metrics").statusCode()).isEqualTo(401);
      assertThat(node.get("/metrics", "authorization", "Bearer scrape").statusCode())
          .isEqualTo(401);
      assertThat(node.get("/metrics", "authorization", "Bearer scraper").body())
          .contains("rookery_ready 1");
    }
  }

  @Test
  void servesTheMetricsOnAPortOfTheirOwn() throws Exception {
    var settings =
        Map.of("ROOKERY_ENV", "production", "METRICS_PORT", "0", "METRICS_HOST", "127.0.0.2");
    try (var node = TestNode.start(Databases.sqlite(), settings)) {
      assertThat(node.get("/metrics").statusCode()).isEqualTo(404);
      var own = URI.create("http://127.0.0.2:" + node.node().metricsPort());
      assertThat(get(own.resolve("/metrics")).body()).contains("rookery_ready 1");
      assertThat(get(own.resolve("/health/live")).statusCode()).isEqualTo(404);
    }
  }

  private static HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
    return TestNode.client().send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }
}
