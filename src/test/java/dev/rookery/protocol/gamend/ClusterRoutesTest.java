package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.store.DatabaseLocation;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.PhoenixClient;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests the list of nodes and the backups of the database for admins. */
final class ClusterRoutesTest {
  private static final String CLUSTER = "/api/v1/admin/cluster";
  private static final String BACKUPS = "/api/v1/admin/backups";

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void listsTheNodesForAdminsOnly(Databases.TestDatabase database) {
    try (var api = TestApi.start(database)) {
      var admin = api.guest();
      var player = api.guest();
      Eventually.holds(() -> node(admin).getLong("leases") > 0);
      assertThat(api.get(CLUSTER).status()).isEqualTo(401);
      assertThat(player.get(CLUSTER).toString()).isEqualTo("403 {\"error\":\"forbidden\"}");

      try (var socket = PhoenixClient.connect(api.node().port(), player.token())) {
        socket.joinAndAwait("user:" + player.id(), "updated");
        JsonObject node = node(admin);

        assertThat(node.getString("node")).isEqualTo("single");
        assertThat(node.getBoolean("here")).isTrue();
        assertThat(node.getLong("run")).isPositive();
        assertThat(node.getLong("sockets")).isEqualTo(1);
        assertThat(node.getLong("players")).isEqualTo(1);
        assertThat(Instant.parse(node.getString("started_at"))).isBefore(Instant.now());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void backsUpTheDatabaseWhileItIsUsed(Databases.TestDatabase database) {
    try (var api = TestApi.start(database)) {
      var admin = api.guest();
      var player = api.guest();
      assertThat(player.get(BACKUPS).status()).isEqualTo(403);
      var asked = admin.post(BACKUPS, "{}");
      if (!(database.location() instanceof DatabaseLocation.File)
          && admin.get(BACKUPS).body().getJsonArray("able").isEmpty()) {
        assertThat(asked.status()).as("pg_dump is not installed").isEqualTo(409);
        return;
      }
      assertThat(asked.status()).as(asked.toString()).isEqualTo(202);
      Eventually.holds(() -> backup(admin).getString("ended_at") != null);

      JsonObject backup = backup(admin);
      if (backup.getString("problem").contains("server version mismatch")) {
        // The pg_dump of this machine is older than the server of the tests.
        assertThat(backup.getString("state")).isEqualTo("failed");
        return;
      }
      assertThat(backup.getString("state")).as(backup.encode()).isEqualTo("done");
      assertThat(backup.getString("verified_at")).isNotNull();
      String path = BACKUPS + "/" + backup.getLong("id");
      var file =
          api.node().get(path + "/download", "authorization", "Bearer " + admin.token()).body();
      assertThat(file).startsWith(backup.getString("kind").equals("sqlite") ? "SQLite" : "PGDMP");
      assertThat(backup.getLong("bytes")).isGreaterThan(1_000);
      assertThat(player.get(path + "/download").status()).isEqualTo(403);
      assertThat(admin.get(path + "/download?file=../rookery.db").status()).isEqualTo(404);
      assertThat(admin.get("/api/v1/admin/audit").toString())
          .contains("admin_create_backup", "admin_download_backup");

      assertThat(admin.delete(path).status()).isEqualTo(200);
      assertThat(admin.get(BACKUPS).body().getJsonArray("data")).isEmpty();
      assertThat(admin.get(path + "/download").status()).isEqualTo(404);
    }
  }

  private static JsonObject backup(TestApi.Guest admin) {
    return admin.get(BACKUPS).body().getJsonArray("data").getJsonObject(0);
  }

  private static JsonObject node(TestApi.Guest admin) {
    var nodes = admin.get(CLUSTER).body().getJsonArray("data");
    assertThat(nodes).hasSize(1);
    return nodes.getJsonObject(0);
  }
}
