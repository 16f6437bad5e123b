package dev.rookery.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.PlayerId;
import dev.rookery.storage.ObjectName;
import dev.rookery.storage.StorageEvent;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.TestCluster;
import dev.rookery.testkit.TestNode;
import dev.rookery.testkit.TestRedis;
import dev.rookery.testkit.TestStore;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Three nodes that cache key-value entries: what each shows after a write on one of them. */
final class CacheClusterTest {
  private static final String PATH = "/api/v1/me/kv/";

  @Test
  void showsWritesOnAllNodesAndNoticesLostEvents() {
    try (var redis = TestRedis.start();
        var cluster =
            TestCluster.start(
                3,
                Map.of(
                    "ROOKERY_KV_PLAYER_WRITES", "true",
                    "CACHE_MODE", "multi",
                    "CACHE_L2", "redis",
                    "REDIS_URL", redis.url()))) {
      var ann = Player.signIn(cluster.node(0));
      showsEachWriteEverywhere(cluster, ann);
      // An event of the last write may come between two of the reads, but not between each.
      for (int i = 0; i < 3; i++) {
        ann.read(cluster.node(1));
      }
      assertThat(cluster.node(1).get("/metrics").body())
          .containsPattern("rookery_cache_reads_total\\{cache=\"storage\",from=\"local\"} [1-9]");

      redis.stop();
      showsEachWriteEverywhere(cluster, ann);
      redis.startAgain();
      showsEachWriteEverywhere(cluster, ann);

      // The row is changed by a node whose bus messages reach nobody.
      var name = new ObjectName("kv", "save", new PlayerId(ann.id), null);
      try (var beyond = TestStore.open(cluster.testDatabase())) {
        beyond.clock().advance(Duration.between(beyond.clock().instant(), Instant.now()));
        for (int i = 0; i < cluster.size(); i++) {
          ann.read(cluster.node(i));
        }
        beyond
            .database()
            .write(
                tx -> {
                  tx.append(StorageEvent.STREAM, new StorageEvent.Changed(List.of(name)));
                  return tx.run(
                          "UPDATE storage_object SET value = '{\"n\":-1}' WHERE player_id = $1"
                              + " RETURNING id",
                          ann.id)
                      .size();
                });
        for (int i = 0; i < cluster.size(); i++) {
          TestNode node = cluster.node(i);
          Eventually.holds(() -> ann.read(node) == -1);
        }
      }
    }
  }

  private static void showsEachWriteEverywhere(TestCluster cluster, Player ann) {
    for (int n = 1; n <= 12; n++) {
      int written = n;
      TestNode writer = cluster.node(n % cluster.size());
      ann.write(writer, n);
      assertThat(ann.read(writer)).as("one's own write").isEqualTo(n);
      for (int i = 0; i < cluster.size(); i++) {
        TestNode node = cluster.node(i);
        Eventually.holds(() -> ann.read(node) == written);
      }
    }
  }

  private record Player(long id, String token) {
    static Player signIn(TestNode node) {
      var answer =
          new JsonObject(
                  node.post("/api/v1/login/device", "{\"device_id\":\"a device of Ann\"}").body())
              .getJsonObject("data");
      return new Player(answer.getLong("user_id"), answer.getString("access_token"));
    }

    void write(TestNode node, int n) {
      var answer =
          node.send(
              "PUT",
              PATH + "save",
              "{\"data\":{\"n\":" + n + "}}",
              "authorization",
              "Bearer " + token);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    int read(TestNode node) {
      var answer = node.get("/api/v1/kv/save?user_id=" + id, "authorization", "Bearer " + token);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      return new JsonObject(answer.body()).getJsonObject("data").getInteger("n");
    }
  }
}
