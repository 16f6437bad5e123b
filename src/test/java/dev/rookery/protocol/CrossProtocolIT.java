package dev.rookery.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.GameFlowClient;
import dev.rookery.testkit.PhoenixClient;
import dev.rookery.testkit.RawSocket;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestCluster;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Clients of several protocols on three nodes at once. */
final class CrossProtocolIT {
  @Test
  void clientsOfThreeProtocolsPlayOnThreeNodes() throws IOException, InterruptedException {
    try (var cluster = TestCluster.start(3)) {
      TestNode first = cluster.node(0);
      TestNode second = cluster.node(1);
      TestNode third = cluster.node(2);
      var gus = RestPlayer.signIn(TestNode.client(), first.uri("/"), "gus");
      long number =
          gus.post("/api/v1/lobbies", JsonObject.of("title", "Together")).body().getLong("id");
      String topic = "lobby:" + number;

      try (var phoenix = PhoenixClient.connect(first.port(), gus.token());
          var ann = GameFlowClient.connect(second, "Ann");
          var host = RawSocket.open(third.port(), "/ws")) {
        phoenix.joinAndAwait(topic, "updated");
        host.sendText("* together_1");

        // A lobby created over one protocol is found and joined over another, on another node.
        String code =
            new JsonArray(second.get("/lobbies", "authorization", "Bearer " + ann.token()).body())
                .getJsonObject(0)
                .getString("code");
        JsonObject lobby = ann.send("lobby:join", "code", code).receiveLobby("lobby:updated");
        assertThat(GameFlowClient.usernames(lobby, "teamA")).containsExactly("Player " + gus.id());
        assertThat(GameFlowClient.usernames(lobby, "teamB")).containsExactly("Ann");
        assertThat(phoenix.await(topic, "user_joined").getString("display_name")).isEqualTo("Ann");

        // Meanwhile two players use the relay on two nodes.
        try (var guest = RawSocket.open(second.port(), "/ws")) {
          guest.sendText("* together_0").sendText("*");
          while (!host.hasPending()) {
            // The guest's frames are dropped until its node knows the host's seat.
            guest.sendText("*");
            Eventually.pause();
          }
          assertThat(host.receiveText()).isEqualTo("*");
          host.sendText("the state");
          assertThat(guest.receiveText()).isEqualTo("the state");
        }

        // The host leaves; the player of the other protocol becomes the owner and starts the match.
        gus.atNode(third.uri("/")).post("/api/v1/lobbies/leave", new JsonObject());
        JsonObject own = ann.receiveLobby("lobby:updated");
        assertThat(own.getString("ownerId")).isEqualTo(ann.id());
        ann.send("lobby:ready").receive("lobby:updated");
        JsonObject match =
            ann.send("lobby:start").receive("match:started").getJsonObject("matchData");
        assertThat(match.getJsonArray("teamB")).hasSize(1);
        assertThat(gus.get("/api/v1/lobbies/" + number).status()).isEqualTo(404);

        // Two players who search on different nodes are matched.
        try (var bob = GameFlowClient.connect(third, "Bob")) {
          ann.send("matchmaking:find").receive("matchmaking:searching");
          bob.send("matchmaking:find").receive("matchmaking:searching");
          JsonObject found = ann.receive("match:started").getJsonObject("matchData");
          assertThat(bob.receive("match:started").getJsonObject("matchData")).isEqualTo(found);

          // A member of a party is told on another node what its leader does.
          ann.rest(first).makePartyWith(bob.rest(first));
          String together = ann.createLobby().getString("id");
          assertThat(bob.receiveLobby("lobby:updated").getString("id")).isEqualTo(together);
          bob.send("lobby:ready").receive("lobby:updated");
          ann.send("lobby:ready");
          bob.receive("lobby:updated");
          ann.send("lobby:start");
          bob.receive("match:started");
        }
      }
    }
  }
}
