package dev.rookery.protocol.godra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.RawSocket;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestCluster;
import dev.rookery.testkit.TestNode;
import dev.rookery.testkit.TestRedis;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Games whose sockets are on different nodes. */
final class GodraClusterIT {
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

  @Test
  void keepsAGuestWhoHasConnectedAgainThroughAnotherNode() throws Exception {
    try (var cluster = TestCluster.start(2, Map.of("ROOKERY_GODRA_GUEST_SILENCE", "4s"))) {
      String admin =
          RestPlayer.signIn(TestNode.client(), cluster.node(0).uri("/"), "the-admin").token();
      GodraPlayer ann = GodraPlayer.register(cluster.node(0));
      upload(cluster.node(0), admin, "members", "return redis.call('SMEMBERS', KEYS[1])");
      String game = ann.createLobby(4);
      GodraPlayer back = GodraPlayer.guest(cluster.node(0));
      GodraPlayer gone = GodraPlayer.guest(cluster.node(0));
      try (var first = back.connect(game);
          var second = back.connect(cluster.node(1), game);
          var _ = gone.connect(game)) {
        // Node 0 hears nothing of either of them, and ends both sockets at the same time.
        Eventually.holds(
            () -> {
              second.sendText("{\"action\":\"heartbeat\"}");
              return !members(ann, game).contains(gone.id())
                  && gone.call("members", null).statusCode() == 401;
            });
        assertThat(first.receiveCloseCode()).isEqualTo(1002);
        assertThat(members(ann, game)).contains(back.id());
        assertThat(back.result("send_chat", "still here", game)).isEqualTo("OK");
        assertThat(new GameEvents(second).next("chat").getString("user_id")).isEqualTo(back.id());
      }
      Eventually.holds(() -> !members(ann, game).contains(back.id()));
      endsAGuestOfAnotherNode(cluster, admin, ann, game);
    }
  }

  private static void endsAGuestOfAnotherNode(
      TestCluster cluster, String admin, GodraPlayer ann, String game) {
    GodraPlayer guest = GodraPlayer.guest(cluster.node(0));
    String path = "/api/v1/admin/guests/" + guest.id();
    String[] bearer = {"authorization", "Bearer " + admin};
    try (var socket = guest.connect(cluster.node(1), game)) {
      String[] own = {"authorization", "Bearer " + guest.token()};
      assertThat(cluster.node(0).send("DELETE", path, null, own).statusCode()).isEqualTo(401);
      assertThat(cluster.node(0).send("DELETE", path, null, bearer).statusCode()).isEqualTo(200);
      assertThat(socket.receiveCloseCode()).isEqualTo(4001);
    }
    Eventually.holds(() -> guest.call("members", null).statusCode() == 401);
    Eventually.holds(() -> !members(ann, game).contains(guest.id()));
    assertThat(cluster.node(1).send("DELETE", path, null, bearer).statusCode()).isEqualTo(404);
  }

  private static String members(GodraPlayer by, String game) {
    return by.call("members", JsonArray.of("game:" + game + ":players")).body();
  }

  private static void upload(TestNode node, String admin, String name, String source) {
    var request =
        HttpRequest.newBuilder(node.uri("/api/v1/admin/scripts/" + name))
            .header("authorization", "Bearer " + admin)
            .header("content-type", "application/octet-stream")
            .PUT(BodyPublishers.ofString(source))
            .build();
    assertThat(node.send(request).statusCode()).isEqualTo(200);
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
      upload(cluster.node(1), admin, "version", "return '" + text + "'");
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
