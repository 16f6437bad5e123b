package dicegame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rookery.extension.testkit.CallFailedException;
import dev.rookery.extension.testkit.EmbeddedNode;
import dev.rookery.extension.testkit.TestMatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Plays the game in a room, on a server in this JVM. */
final class DiceGameTest {
  private static EmbeddedNode node;

  @BeforeAll
  static void start() {
    node = EmbeddedNode.start();
    node.deploy("dice-game", DiceGameExtension.class);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void playsAMatchToItsEnd() {
    try (TestMatch match =
        TestMatch.start("dice", node.signIn("device-of-ann"), node.signIn("device-of-bob"))) {
      CallFailedException refused =
          assertThrows(CallFailedException.class, () -> match.act(0, "hold", null));
      assertEquals("roll_first", refused.code());
      assertThrows(CallFailedException.class, () -> match.act(1, "roll", null));

      while (match.result() == null) {
        int seat = match.isTurnOf(0) ? 0 : 1;
        int pending = match.view(seat).getInteger("pending");
        match.act(seat, pending >= 10 ? "hold" : "roll", null);
        assertEquals(match.view(0), match.view(1));
      }

      String winner = match.result().getString("winner");
      assertNotNull(winner);
      assertTrue(match.view(0).getJsonObject("scores").getInteger(winner) >= 50);
    }
  }
}
