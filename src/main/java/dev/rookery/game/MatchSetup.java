package dev.rookery.game;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a match is started with.
 *
 * @param players the players that take part, in the order of their turns
 * @param hostPlayerID the player who hosts the room; null if they do not play, or play alone
 * @param seed of all randomness in the match
 * @param initialNow the time of the start, in milliseconds since the Unix epoch
 */
public record MatchSetup(
    List<String> players, @Nullable String hostPlayerID, String seed, long initialNow) {
  public MatchSetup {
    players = List.copyOf(players);
    if (players.isEmpty()) {
      throw new IllegalArgumentException("a match without players");
    }
    if (hostPlayerID != null && (players.size() == 1 || !players.contains(hostPlayerID))) {
      throw new IllegalArgumentException("the host is " + hostPlayerID);
    }
  }

  /** The part that games and clients see. */
  JsonObject match() {
    return new JsonObject()
        .put("players", new JsonArray(players))
        .put("hostPlayerID", hostPlayerID);
  }
}
