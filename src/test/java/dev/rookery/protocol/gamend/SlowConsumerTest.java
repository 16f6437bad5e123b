package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.PhoenixClient;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Tests one client that does not read its socket among twenty that do. */
final class SlowConsumerTest {
  private static final int OTHERS = 20;
  private static final int MESSAGES_BETWEEN_CHECKS = 5;

  /** Few large messages fill the buffers of the system with less work than many. */
  private static final int CONTENT = 16_000;

  private static final String END = "the end";

  @Test
  void closesOnlyTheClientThatDoesNotRead() throws Exception {
    try (var node =
            TestNode.start(
                Databases.sqlite(),
                Map.of(
                    "ROOKERY_SOCKETS_QUEUE_BYTES_MAX",
                    "256KiB",
                    "LIMIT_MAX_CHAT_CONTENT",
                    Integer.toString(2 * CONTENT)));
        ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
      var ann = RestPlayer.signIn(TestNode.client(), node.uri("/"), "ann");
      var onlooker = RestPlayer.signIn(TestNode.client(), node.uri("/"), "onlooker");
      long lobby = ann.post("/api/v1/lobbies", JsonObject.of("title", "Loud")).body().getLong("id");
      String topic = "lobby:" + lobby;
      var received = new ArrayList<CompletableFuture<List<String>>>();
      for (int i = 0; i < OTHERS; i++) {
        var client = PhoenixClient.connect(node.port(), onlooker.token());
        client.joinAndAwait(topic, "updated");
        received.add(CompletableFuture.supplyAsync(() -> contents(client, topic), readers));
      }
      var sent = new ArrayList<String>();
      try (var slow = PhoenixClient.connectWithSmallBuffer(node.port(), onlooker.token())) {
        slow.joinAndAwait(topic, "updated");
        String big = "z".repeat(CONTENT);
        var deadline = Eventually.Deadline.in(Duration.ofMinutes(3));
        while (closedAsSlow(node) == 0) {
          deadline.check();
          for (int i = 0; i < MESSAGES_BETWEEN_CHECKS; i++) {
            sent.add(sent.size() + big);
            sendChat(ann, lobby, sent.getLast());
          }
        }
        sent.add(END);
        sendChat(ann, lobby, END);

        for (CompletableFuture<List<String>> one : received) {
          assertThat(one.get(180, TimeUnit.SECONDS)).isEqualTo(sent);
        }
        assertThat(closedAsSlow(node)).isEqualTo(1);
        assertThat(slow.socket().receiveCloseCode()).isEqualTo(1013);
      }
    }
  }

  private static List<String> contents(PhoenixClient client, String topic) {
    try (client) {
      var all = new ArrayList<String>();
      do {
        all.add(client.await(topic, "new_chat_message").getString("content"));
      } while (!all.getLast().equals(END));
      return all;
    }
  }

  private static void sendChat(RestPlayer ann, long lobby, String content) throws Exception {
    var response =
        ann.post(
            "/api/v1/chat/messages",
            JsonObject.of("chat_type", "lobby", "chat_ref_id", lobby, "content", content));
    assertThat(response.ok()).as("%s", response).isTrue();
  }

  private static double closedAsSlow(TestNode node) {
    return node.metric("rookery_sockets_overflows_total");
  }
}
