package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.LobbyId;
import dev.rookery.base.MessageId;
import dev.rookery.base.Topic;
import dev.rookery.chat.ChatEvent;
import dev.rookery.chat.Conversation;
import dev.rookery.testkit.PhoenixClient;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestCluster;
import dev.rookery.testkit.TestNode;
import dev.rookery.testkit.TestStore;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Tests events of a node whose bus messages do not reach the other nodes. */
final class LostBusMessagesTest {
  @Test
  void pushesEventsCommittedOnTheOtherSideOfAPartition() throws Exception {
    try (var cluster = TestCluster.start(1);
        var beyond = TestStore.open(cluster.testDatabase())) {
      // Otherwise its commits would be taken for old ones and dropped.
      beyond.clock().advance(Duration.between(beyond.clock().instant(), Instant.now()));
      TestNode node = cluster.node(0);
      var ann = RestPlayer.signIn(TestNode.client(), node.uri("/"), "ann");
      long lobby = ann.post("/api/v1/lobbies", JsonObject.of("title", "Cut")).body().getLong("id");
      String topic = "lobby:" + lobby;
      try (var client = PhoenixClient.connect(node.port(), ann.token())) {
        client.joinAndAwait(topic, "updated");
        for (long message = 1; message <= 3; message++) {
          var deleted =
              new ChatEvent.Deleted(
                  new Conversation(Conversation.Kind.LOBBY, lobby), new MessageId(message));
          beyond
              .database()
              .write(
                  tx -> {
                    tx.append(Topic.lobby(new LobbyId(lobby)), deleted);
                    return deleted;
                  });
        }

        for (long message = 1; message <= 3; message++) {
          assertThat(client.await(topic, "chat_message_deleted").getLong("id")).isEqualTo(message);
        }
        assertThat(client.drain()).isEmpty();
      }
    }
  }
}
