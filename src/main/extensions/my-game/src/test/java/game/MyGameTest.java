package game;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rookery.extension.testkit.EmbeddedNode;
import dev.rookery.extension.testkit.TestPlayer;
import dev.rookery.extension.testkit.TestSocket;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Uses the game as players do, on a server in this JVM. */
final class MyGameTest {
  private static EmbeddedNode node;

  @BeforeAll
  static void start() {
    node = EmbeddedNode.start();
    node.deploy("my-game", MyGame.class, JsonObject.of("players_max", 4));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void greetsByName() {
    TestPlayer ann = node.signIn("device-of-ann");

    assertEquals(
        JsonObject.of("text", "Hello Ann", "player", ann.id()),
        ann.call("my-game", "greet", "Ann"));
  }

  @Test
  void limitsTheSizeOfLobbies() {
    TestPlayer bob = node.signIn("device-of-bob");

    assertEquals(422, bob.post("/api/v1/lobbies", lobby(5)).status());
    assertEquals(201, bob.post("/api/v1/lobbies", lobby(4)).status());
  }

  @Test
  void tellsEverybodyAtTheTableWhatAPlayerSays() {
    String table = "x:my-game:table:1";
    try (TestSocket first = node.signIn("device-of-ann").connect();
        TestSocket second = node.signIn("device-of-bob").connect()) {
      first.join(table);
      second.join(table);

      first.push(table, "say", JsonObject.of("text", "Hi"));

      assertEquals("Hi", second.await(table, "said").getString("text"));
    }
  }

  private static JsonObject lobby(int players) {
    return JsonObject.of("title", "Bob's", "max_users", players);
  }
}
