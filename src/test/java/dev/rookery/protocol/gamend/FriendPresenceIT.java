package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.PhoenixClient;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestCluster;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Players on different nodes hear when their friends come and go. */
final class FriendPresenceIT {
  @Test
  void tellsFriendsOnOtherNodesOnceOfEachChange() throws Exception {
    try (var cluster = TestCluster.start(3);
        var http = HttpClient.newHttpClient()) {
      RestPlayer ann = RestPlayer.signIn(http, base(cluster.node(0)), "presence-ann");
      RestPlayer bob = RestPlayer.signIn(http, base(cluster.node(1)), "presence-bob");
      RestPlayer eve = RestPlayer.signIn(http, base(cluster.node(2)), "presence-eve");
      befriend(ann, bob);
      try (PhoenixClient annSocket = join(cluster.node(0), ann);
          PhoenixClient eveSocket = join(cluster.node(2), eve)) {
        PhoenixClient bobSocket = join(cluster.node(1), bob);
        PhoenixClient second = join(cluster.node(2), bob);
        JsonObject online = annSocket.await("user:" + ann.id(), "friend_online");
        assertThat(online.getLong("user_id")).isEqualTo(bob.id());
        assertThat(online.getLong("id")).isEqualTo(bob.id());
        assertThat(online.getBoolean("is_online")).isTrue();
        second.leave("user:" + bob.id());
        second.close();
        bobSocket.leave("user:" + bob.id());
        bobSocket.close();
        JsonObject offline = annSocket.await("user:" + ann.id(), "friend_offline");
        assertThat(offline.getLong("user_id")).isEqualTo(bob.id());
        assertThat(offline.getBoolean("is_online")).isFalse();

        PhoenixClient again = join(cluster.node(1), bob);
        annSocket.await("user:" + ann.id(), "friend_online");
        assertThat(bob.send("DELETE", "/api/v1/me", new JsonObject()).ok()).isTrue();
        assertThat(annSocket.await("user:" + ann.id(), "friend_offline"))
            .isEqualTo(JsonObject.of("user_id", bob.id(), "is_online", false));
        again.close();
        assertThat(presence(annSocket.drain())).as("once each").isEmpty();
        assertThat(presence(eveSocket.drain())).as("no friend").isEmpty();
      }
    }
  }

  private static List<String> presence(List<PhoenixClient.Frame> frames) {
    return frames.stream()
        .map(PhoenixClient.Frame::event)
        .filter(event -> event.startsWith("friend_o"))
        .toList();
  }

  private static void befriend(RestPlayer one, RestPlayer other) throws Exception {
    one.post("/api/v1/friends", JsonObject.of("target_user_id", other.id()));
    other.post("/api/v1/friends", JsonObject.of("target_user_id", one.id()));
  }

  private static PhoenixClient join(TestNode node, RestPlayer player) {
    PhoenixClient client = PhoenixClient.connect(node.port(), player.token());
    client.joinAndAwait("user:" + player.id(), "updated");
    return client;
  }

  private static URI base(TestNode node) {
    return URI.create("http://127.0.0.1:" + node.port());
  }
}
