package dev.rookery.protocol.godra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.RawSocket;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestCluster;
import dev.rookery.testkit.TestNode;
import dev.rookery.testkit.TestRedis;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Games whose sockets are on different nodes. */
final class GodraClusterTest {
  private static final int NODES = 3;
  private static final int FRAMES = 30;

  @Test
  void playsOnAllNodesWithRedis() throws Exception {
    try (var redis = TestRedis.start();
        var cluster = TestCluster.start(NODES, Map.of("GODRA_REDIS_URL", redis.url()))) {
      plays(cluster);
    }
  }

  @Test
  void playsOnAllNodesWithoutRedis() throws Exception {
    try (var cluster = TestCluster.start(NODES)) {
      plays(cluster);
    }
  }

  private static void plays(TestCluster cluster) throws Exception {
    String admin =
        RestPlayer.signIn(TestNode.client(), cluster.node(0).uri("/"), "the-admin").token();
    GodraPlayer ann = GodraPlayer.register(cluster.node(0));
    String game = ann.createLobby(NODES);
    servesAnUploadOnAllNodes(cluster, admin, ann);
    var players = new ArrayList<GodraPlayer>();
    var sockets = new ArrayList<RawSocket>();
    try {
      for (int i = 0; i < NODES; i++) {
        GodraPlayer player = i == 0 ? ann : GodraPlayer.guest(cluster.node(i));
        players.add(player);
        sockets.add(player.connect(game));
      }
      deliversAllFramesToAllNodes(players, sockets);
      cluster
          .node(1)
          .send("DELETE", "/api/v1/logout", null, "authorization", "Bearer " + ann.token());
      assertThat(sockets.getFirst().receiveCloseCode()).isEqualTo(4001);
    } finally {
      sockets.forEach(RawSocket::close);
    }
  }

  private static void servesAnUploadOnAllNodes(
      TestCluster cluster, String admin, GodraPlayer player) {
    for (String text : List.of("one", "two")) {
      var upload =
          HttpRequest.newBuilder(cluster.node(1).uri("/api/v1/admin/scripts/version"))
              .header("authorization", "Bearer " + admin)
              .header("content-type", "application/octet-stream")
              .PUT(BodyPublishers.ofString("return '" + text + "'"))
              .build();
      assertThat(cluster.node(1).send(upload).statusCode()).isEqualTo(200);
      for (int i = 0; i < cluster.size(); i++) {
        var there = new GodraPlayer(cluster.node(i), player.token(), player.id(), "");
        Eventually.holds(() -> there.call("version", null).body().contains(text));
      }
    }
  }

  /** Each player's frames arrive in their order, at all sockets. */
  private static void deliversAllFramesToAllNodes(
      List<GodraPlayer> players, List<RawSocket> sockets) {
    for (int frame = 0; frame < FRAMES; frame++) {
      for (RawSocket socket : sockets) {
        socket.sendText("{\"action\":\"step\",\"payload\":{\"number\":" + frame + "}}");
      }
    }
    for (RawSocket socket : sockets) {
      var events = new GameEvents(socket);
      var next = new HashMap<String, Integer>();
      for (int i = 0; i < FRAMES * players.size(); i++) {
        JsonObject patch = events.next("patch");
        int number = patch.getJsonObject("state").getInteger("number");
        assertThat(number).isEqualTo(next.getOrDefault(patch.getString("user"), 0));
        next.put(patch.getString("user"), number + 1);
      }
      assertThat(next).hasSize(players.size());
    }
  }
}
