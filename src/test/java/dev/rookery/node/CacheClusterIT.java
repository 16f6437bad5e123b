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
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Three nodes that cache entries and lists of boards: what each shows after a write on one. */
final class CacheClusterIT {
  private static final String PATH = "/api/v1/me/kv/";
  private static final String SHARED =
      "rookery_cache_reads_total{cache=\"storage\",from=\"shared\"}";

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
      listsBoardsEverywhere(cluster, ann);
      showsEachWriteEverywhere(cluster, ann);
      // An event of the last write may come between two of the reads, but not between each.
      for (int i = 0; i < 3; i++) {
        ann.read(cluster.node(1));
      }
      assertThat(cluster.node(1).get("/metrics").body())
          .containsPattern("rookery_cache_reads_total\\{cache=\"storage\",from=\"local\"} [1-9]");

      takesWhatTheOtherHasRead(cluster.node(0), cluster.node(1), ann);

      redis.stop();
      showsEachWriteEverywhere(cluster, ann);
      for (int i = 0; i < cluster.size(); i++) {
        assertThat(cluster.node(i).get("/metrics").body())
            .as("reads that asked Redis in vain")
            .containsPattern("rookery_cache_shared_unanswered_total [1-9]");
      }
      redis.startAgain();
      showsEachWriteEverywhere(cluster, ann);

      // Nodes with either kind of shared cache serve beside each other.
      cluster.restart(1, Map.of("CACHE_L2", "partitioned"));
      cluster.restart(2, Map.of("CACHE_L2", "partitioned"));
      showsEachWriteEverywhere(cluster, ann);
      takesWhatTheOtherHasRead(cluster.node(1), cluster.node(2), ann);
      takesWhatTheOtherHasRead(cluster.node(2), cluster.node(1), ann);
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

  /** What one node has loaded is shared a moment later; then another one takes it from there. */
  private static void takesWhatTheOtherHasRead(TestNode one, TestNode other, Player ann) {
    var count = new AtomicInteger();
    Eventually.holds(
        () -> {
          int n = count.incrementAndGet();
          String key = "shared-" + one.port() + "-" + n;
          ann.write(one, key, n);
          assertThat(ann.read(one, key)).isEqualTo(n);
          assertThat(ann.read(other, key)).isEqualTo(n);
          return other.metric(SHARED) > 0;
        });
  }

  private static void listsBoardsEverywhere(TestCluster cluster, Player admin) {
    for (int n = 1; n <= 6; n++) {
      int created = n;
      TestNode writer = cluster.node(n % cluster.size());
      String body = JsonObject.of("slug", "board_" + n, "title", "Board").encode();
      var answer =
          writer.post("/api/v1/admin/leaderboards", body, "authorization", "Bearer " + admin.token);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(boards(writer)).as("after one's own change").isEqualTo(n);
      for (int i = 0; i < cluster.size(); i++) {
        TestNode node = cluster.node(i);
        Eventually.holds(() -> boards(node) == created);
      }
    }
  }

  private static int boards(TestNode node) {
    return new JsonObject(node.get("/api/v1/leaderboards").body())
        .getJsonObject("meta")
        .getInteger("total_count");
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
      write(node, "save", n);
    }

    void write(TestNode node, String key, int n) {
      var answer =
          node.send(
              "PUT",
              PATH + key,
              "{\"data\":{\"n\":" + n + "}}",
              "authorization",
              "Bearer " + token);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    int read(TestNode node) {
      return read(node, "save");
    }

    int read(TestNode node, String key) {
      String path = "/api/v1/kv/" + key + "?user_id=" + id;
      var answer = node.get(path, "authorization", "Bearer " + token);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      return new JsonObject(answer.body()).getJsonObject("data").getInteger("n");
    }
  }
}
