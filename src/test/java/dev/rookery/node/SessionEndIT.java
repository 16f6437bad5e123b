package dev.rookery.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.PhoenixClient;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestCluster;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A session that ended has ended on every node, and for good. */
final class SessionEndIT {
  private static final String MINE = "/api/v1/me/sessions";

  @Test
  void asvs_7_4_1_closesSocketsOfAnEndedSessionOnOtherNodes() throws Exception {
    try (var cluster = TestCluster.start(3)) {
      var http = TestNode.client();
      var here = RestPlayer.signIn(http, cluster.node(0).uri("/"), "ann");
      var there = RestPlayer.signIn(http, cluster.node(1).uri("/"), "ann");
      try (var socket = PhoenixClient.connect(cluster.node(1).port(), there.token())) {
        socket.joinAndAwait("user:" + there.id(), "updated");

        assertThat(here.send("DELETE", MINE, null).ok()).isTrue();
        assertThat(socket.socket().receiveCloseCode()).isEqualTo(4001);
      }
      assertThat(there.get("/api/v1/me").status()).isEqualTo(401);
      takesRolesOnOtherNodes(cluster);
      revokesAccessKeysOnOtherNodes(cluster);
      assertThat(here.atNode(cluster.node(1).uri("/")).get("/api/v1/me").ok()).isTrue();
    }
  }

  /**
   * The first player is an admin; the other one becomes one by the first node, and is none again.
   */
  private static void takesRolesOnOtherNodes(TestCluster cluster) throws Exception {
    var http = TestNode.client();
    var admin = RestPlayer.signIn(http, cluster.node(0).uri("/"), "ann");
    var bob = RestPlayer.signIn(http, cluster.node(1).uri("/"), "bob");
    String role = "/api/v1/admin/admins/" + bob.id();
    String restricted = "/api/v1/admin/cluster";
    assertThat(status(cluster.node(1), restricted, bob.token())).isEqualTo(403);
    assertThat(admin.send("PUT", role, JsonObject.of("role", "viewer")).ok()).isTrue();
    Eventually.holds(() -> status(cluster.node(1), restricted, bob.token()) == 200);
    assertThat(admin.send("DELETE", role, null).ok()).isTrue();
    Eventually.holds(() -> status(cluster.node(1), restricted, bob.token()) == 403);
  }

  private static void revokesAccessKeysOnOtherNodes(TestCluster cluster) throws Exception {
    var admin = RestPlayer.signIn(TestNode.client(), cluster.node(0).uri("/"), "ann");
    var definition =
        new JsonObject()
            .put("name", "test")
            .put("permissions", List.of("players.read"))
            .put("expires", Instant.now().plus(Duration.ofDays(1)).toString());
    JsonObject key = admin.post("/api/v1/admin/keys", definition).body().getJsonObject("data");
    String path = "/api/v1/admin/users";
    for (int node = 0; node < 3; node++) {
      assertThat(status(cluster.node(node), path, key.getString("secret"))).isEqualTo(200);
    }
    assertThat(admin.send("DELETE", "/api/v1/admin/keys/" + key.getString("id"), null).ok())
        .isTrue();
    for (int node = 0; node < 3; node++) {
      TestNode other = cluster.node(node);
      Eventually.holds(() -> status(other, path, key.getString("secret")) == 401);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void asvs_7_4_1_keepsSessionEndedAfterRestart(Databases.TestDatabase database) throws Exception {
    var http = TestNode.client();
    String gone;
    String kept;
    try (database) {
      try (var node = TestNode.start(database.shared())) {
        var ann = RestPlayer.signIn(http, node.uri("/"), "ann");
        gone = RestPlayer.signIn(http, node.uri("/"), "ann").token();
        kept = ann.token();
        ann.send("DELETE", MINE, null);
      }
      try (var node = TestNode.start(database.shared())) {
        assertThat(status(node, gone)).isEqualTo(401);
        assertThat(status(node, kept)).isEqualTo(200);
      }
    }
  }

  private static int status(TestNode node, String token) {
    return status(node, "/api/v1/me", token);
  }

  private static int status(TestNode node, String path, String token) {
    return node.get(path, "authorization", "Bearer " + token).statusCode();
  }
}
