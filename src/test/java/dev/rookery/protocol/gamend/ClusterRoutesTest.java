package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.PhoenixClient;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests the list of nodes for admins. */
final class ClusterRoutesTest {
  private static final String CLUSTER = "/api/v1/admin/cluster";

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

  private static JsonObject node(TestApi.Guest admin) {
    var nodes = admin.get(CLUSTER).body().getJsonArray("data");
    assertThat(nodes).hasSize(1);
    return nodes.getJsonObject(0);
  }
}
