package dev.rookery.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.TestCluster;
import dev.rookery.testkit.TestNode;
import dev.rookery.testkit.TestRedis;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Two nodes and one Redis: a client gains nothing by going from one to the other. */
final class SharedLimitsIT {
  @Test
  void sharesRateLimitsThroughRedisAndCountsPerNodeWithoutIt() {
    try (var redis = TestRedis.start();
        var cluster =
            TestCluster.start(
                2,
                Map.of(
                    "REDIS_URL", redis.url(),
                    "ROOKERY_CACHE_REDIS_ANSWER_WITHIN", "5s",
                    "ROOKERY_RATE_LIMIT_ENABLED", "true",
                    "RATE_LIMIT_HTTP_AUTH_LIMIT", "6",
                    "RATE_LIMIT_HTTP_AUTH_WINDOW", "1d"))) {
      TestNode one = cluster.node(0);
      TestNode two = cluster.node(1);
      for (int i = 0; i < 3; i++) {
        assertThat(signIn(one, i).statusCode()).isEqualTo(200);
        assertThat(signIn(two, i).statusCode()).isEqualTo(200);
      }

      HttpResponse<String> refused = signIn(one, 7);
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.body()).isEqualTo("Too Many Requests");
      assertThat(refused.headers().firstValueAsLong("retry-after").orElse(0))
          .isBetween(1L, 86_400L);
      assertThat(signIn(two, 8).statusCode()).isEqualTo(429);
      assertThat(one.get("/api/v1/users").statusCode()).isEqualTo(200);

      redis.stop();
      assertThat(signIn(two, 9).statusCode()).isEqualTo(200);
      assertThat(signIn(one, 10).statusCode()).isEqualTo(200);
      // Three, a refused one, and the one just now: this is the sixth here.
      assertThat(signIn(one, 11).statusCode()).isEqualTo(200);
      assertThat(signIn(one, 12).statusCode()).isEqualTo(429);
    }
  }

  private static HttpResponse<String> signIn(TestNode node, int device) {
    // Long enough that the body comes after its head, while the limit is asked.
    String filler = "x".repeat(60_000);
    return node.post(
        "/api/v1/login/device",
        JsonObject.of("device_id", "device " + device, "filler", filler).encode());
  }
}
