package dev.rookery.protocol.openturn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.RawSocket;
import dev.rookery.testkit.TestCluster;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A match whose players are connected to different nodes. */
final class OpenturnClusterIT {
  private static final int SESSION_ENDED = 4001;

  @Test
  void aMatchGoesOnWhenTheNodeThatOwnsItEnds() {
    try (var cluster = TestCluster.start(3, Map.of("ROOKERY_TRACES_SAMPLE", "1"));
        var admin = RoomPlayer.signIn(cluster.node(2), "admin");
        var host = RoomPlayer.signIn(cluster.node(0), "host");
        var guest = RoomPlayer.signIn(cluster.node(1), "guest")) {
      RoomPlayer.start(cluster.node(0), host, cluster.node(1), guest);
      host.place(0, 0, "client_1").receive("batch_applied");
      guest.receive("batch_applied");
      guest.place(1, 1, "client_1");
      assertThat(guest.receive("batch_applied").getString("ackClientActionID"))
          .isEqualTo("client_1");

      host.receive("batch_applied");

      moveRoom(cluster, admin, host.room());
      host.place(2, 0, "client_2");
      assertThat(host.receive("batch_applied").getInteger("revision")).isEqualTo(3);
      guest.receive("batch_applied");
      // One of both players at least is connected to a node that does not own the room.
      Eventually.holds(() -> kinds(cluster, admin).containsAll(List.of("remote", "statement")));

      cluster.restart(0);
      host.connect(cluster.node(1));
      JsonObject snapshot = host.receiveSnapshot();
      assertThat(snapshot.getInteger("revision")).isEqualTo(3);
      guest.place(0, 1, "client_2");
      assertThat(host.receive("batch_applied").getInteger("revision")).isEqualTo(4);
      assertThat(guest.receive("batch_applied").getJsonObject("snapshot").getJsonArray("log"))
          .hasSize(4);
      socketsCloseWithTheSessionOfTheirPlayer(cluster, admin, host, guest);
    }
  }

  /** The kinds of the parts of all traces of actions that another node has carried out. */
  private static Set<String> kinds(TestCluster cluster, RoomPlayer admin) {
    String path = "/api/v1/admin/traces";
    JsonArray traces = ask(cluster.node(2), "GET", path, null, admin).getJsonArray("data");
    var kinds = new HashSet<String>();
    for (int i = 0; i < traces.size(); i++) {
      JsonObject trace = traces.getJsonObject(i);
      if (trace.getString("operation").endsWith("MatchCommand.Act")) {
        String one = path + "/" + trace.getString("id");
        JsonObject whole = ask(cluster.node(2), "GET", one, null, admin).getJsonObject("data");
        if (whole.encode().contains("\"kind\":\"remote\"")) {
          whole.getJsonArray("parts").stream()
              .map(part -> ((JsonObject) part).getString("kind"))
              .forEach(kinds::add);
        }
      }
    }
    return kinds;
  }

  /** Moves the room to each node in turn, which all its sockets outlive. */
  private static void moveRoom(TestCluster cluster, RoomPlayer admin, String room) {
    var nodes =
        ask(cluster.node(1), "GET", "/api/v1/admin/cluster", null, admin).getJsonArray("data");
    int moved = 0;
    for (int i = 0; i < nodes.size(); i++) {
      String node = nodes.getJsonObject(i).getString("node");
      String body = JsonObject.of("lease", "match/" + room, "node", node).encode();
      JsonObject plan =
          ask(cluster.node(1), "POST", "/api/v1/admin/cluster/moves", body, admin)
              .getJsonObject("data");
      if (plan != null) {
        String path = "/api/v1/admin/cluster/plans/" + plan.getLong("id");
        Eventually.holds(
            () ->
                ask(cluster.node(2), "GET", path, null, admin)
                    .getJsonObject("data")
                    .getString("state")
                    .equals("done"));
        JsonObject done = ask(cluster.node(2), "GET", path, null, admin).getJsonObject("data");
        assertThat(done.getInteger("done")).as(done.encode()).isEqualTo(1);
        moved++;
      }
    }
    assertThat(moved).as("all nodes but perhaps its first owner").isGreaterThanOrEqualTo(2);
  }

  private static JsonObject ask(
      TestNode node, String method, String path, @Nullable String body, RoomPlayer by) {
    return new JsonObject(
        node.send(method, path, body, "authorization", "Bearer " + by.accessToken()).body());
  }

  /** The sockets are on other nodes than the requests that end the sessions. */
  private static void socketsCloseWithTheSessionOfTheirPlayer(
      TestCluster cluster, RoomPlayer admin, RoomPlayer host, RoomPlayer guest) {
    send(cluster.node(2), "DELETE", "/api/v1/logout", guest);
    assertThat(guest.socket().acceptClose()).isEqualTo(SESSION_ENDED);
    try (var deleted = RoomPlayer.signIn(cluster.node(0), "deleted")) {
      deleted.open(cluster.node(0));
      send(cluster.node(2), "DELETE", "/api/v1/me", deleted);
      assertThat(deleted.socket().acceptClose()).isEqualTo(SESSION_ENDED);
    }
    send(cluster.node(2), "PUT", "/api/v1/admin/users/" + host.user() + "/ban", admin);
    assertThat(host.socket().acceptClose()).isEqualTo(SESSION_ENDED);
    try (var refused = RawSocket.handshake(cluster.node(0).port(), host.path())) {
      assertThat(refused.status()).isEqualTo(401);
    }
    String room = "/rooms/" + host.room();
    for (String route : new String[] {"/lookup", "/room-state"}) {
      assertThat(cluster.node(0).get(room + route + "?token=" + host.token()).statusCode())
          .isEqualTo(401);
    }
    var bootstrap = JsonObject.of("playerID", "0", "token", host.token()).encode();
    assertThat(cluster.node(0).post(room + "/bootstrap", bootstrap).statusCode()).isEqualTo(401);
  }

  private static void send(TestNode node, String method, String path, RoomPlayer by) {
    var answer =
        node.send(
            method,
            path,
            "{\"reason\":\"cheating\"}",
            "authorization",
            "Bearer " + by.accessToken());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }
}
