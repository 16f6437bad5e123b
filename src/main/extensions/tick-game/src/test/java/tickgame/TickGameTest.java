package tickgame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rookery.extension.testkit.EmbeddedNode;
import dev.rookery.extension.testkit.TestPlayer;
import dev.rookery.extension.testkit.TestSocket;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Plays the game over sockets, on a server in this JVM. */
final class TickGameTest {
  private static final String ARENA = "x:tick-game:arena:1";
  private static EmbeddedNode node;

  @BeforeAll
  static void start() {
    node = EmbeddedNode.start();
    node.deploy("tick-game", TickGame.class);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void movesPlayersAtEachTickAndStoresTheArena() {
    TestPlayer ann = node.signIn("device-of-ann");
    TestPlayer bob = node.signIn("device-of-bob");
    try (TestSocket first = ann.connect();
        TestSocket second = bob.connect()) {
      assertEquals(ann.id(), first.join(ARENA).getLong("player"));
      second.join(ARENA);
      first.push(ARENA, "steer", JsonObject.of("dx", 1, "dy", -7));

      JsonObject state = second.await(ARENA, "state");
      while (x(state, ann) < 510) {
        state = second.await(ARENA, "state");
      }
      // A direction is one step for each tick, whatever the client asks for.
      assertEquals(500 - (x(state, ann) - 500), runner(state, ann).getInteger("y"));
      assertEquals(500, x(state, bob));

      long seen = state.getLong("tick");
      while (state.getLong("tick") < seen + 40) {
        state = second.await(ARENA, "state");
      }
      assertEquals(200, ann.get("/api/v1/kv/tick-game%2Farena:1").status());

      first.leave(ARENA);
      while (runner(state, ann) != null) {
        state = second.await(ARENA, "state");
      }
      assertTrue(runner(state, bob) != null);
    }
  }

  @Test
  void goesOnInANewVersionWithWhatIsStored() throws Exception {
    String arena = "x:tick-game:arena:2";
    TestPlayer ann = node.signIn("device-of-ann");
    try (TestSocket socket = ann.connect()) {
      socket.join(arena);
      socket.push(arena, "steer", JsonObject.of("dx", 1));
      JsonObject before = socket.await(arena, "state");
      while (x(before, ann) < 540) {
        before = socket.await(arena, "state");
      }

      node.deploy("tick-game", nextVersion());

      socket.push(arena, "steer", JsonObject.of("dy", 1));
      JsonObject after = socket.await(arena, "state");
      while (runner(after, ann) == null || runner(after, ann).getInteger("dy") == 0) {
        after = socket.await(arena, "state");
      }
      // Stored once in twenty ticks, so at least this far.
      assertTrue(x(after, ann) > 520, after::encode);
    }
  }

  /** The same classes with another file, so that it is another jar. */
  private static Path nextVersion() throws Exception {
    Path folder = Files.createTempDirectory("tick-game");
    Path classes =
        Path.of(TickGame.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (Stream<Path> all = Files.walk(classes)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        Path copy = folder.resolve(classes.relativize(file));
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
    Files.writeString(folder.resolve("next"), "");
    return folder;
  }

  private static JsonObject runner(JsonObject state, TestPlayer player) {
    return state.getJsonObject("runners").getJsonObject(Long.toString(player.id()));
  }

  /** Where the player is, or 0 if they have not entered yet. */
  private static int x(JsonObject state, TestPlayer player) {
    JsonObject runner = runner(state, player);
    return runner == null ? 0 : runner.getInteger("x");
  }
}
