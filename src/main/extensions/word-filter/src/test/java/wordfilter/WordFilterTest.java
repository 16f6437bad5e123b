package wordfilter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rookery.extension.testkit.EmbeddedNode;
import dev.rookery.extension.testkit.TestPlayer;
import dev.rookery.extension.testkit.TestSocket;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Writes messages as players do, on a server in this JVM. */
final class WordFilterTest {
  private static EmbeddedNode node;

  @BeforeAll
  static void start() {
    node = EmbeddedNode.start();
    node.deploy(
        "word-filter", WordFilter.class, JsonObject.of("words", JsonArray.of("bother", "müll")));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void hidesWordsAndRewardsMessagesWithoutThem() {
    TestPlayer ann = node.signIn("device-of-ann");
    long lobby = ann.post("/api/v1/lobbies", JsonObject.of("title", "Ann's")).json().getLong("id");
    try (TestSocket socket = ann.connect()) {
      socket.join("lobby:" + lobby);
      socket.join("user:" + ann.id());

      write(ann, lobby, "Bother, the MÜLL! No botheration.");
      assertEquals(
          "******, the ****! No botheration.",
          socket.await("lobby:" + lobby, "new_chat_message").getString("content"));

      for (int i = 0; i < 10; i++) {
        write(ann, lobby, "well met " + i);
      }
      // Hooks after a change run a moment later.
      JsonObject unlocked = socket.await("user:" + ann.id(), "achievement_unlocked");
      assertEquals(10, unlocked.getInteger("progress"));
      JsonObject notification = socket.await("user:" + ann.id(), "notification");
      while (!notification.getString("title").equals("Reward")) {
        notification = socket.await("user:" + ann.id(), "notification");
      }
    }
    assertEquals(
        JsonObject.of("coins", 100),
        ann.get("/api/v1/kv/reward%2Fpolite_player?user_id=" + ann.id())
            .json()
            .getJsonObject("data"));
  }

  private static void write(TestPlayer player, long lobby, String text) {
    int status =
        player
            .post(
                "/api/v1/chat/messages",
                JsonObject.of("chat_type", "lobby", "chat_ref_id", lobby, "content", text))
            .status();
    assertEquals(201, status);
  }
}
