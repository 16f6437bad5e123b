package dev.rookery.game;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a match is started with.
 *
 * @param players the players that take part, in the order of their turns
 * @param hostPlayerID the player who hosts the room; null if they do not play, or play alone
 * @param seed of all randomness in the match
 * @param initialNow the time of the start, in milliseconds since the Unix epoch
 * @param config JSON text: all options of the game; null if it has none
 * @param profiles JSON texts by player, of all players; empty if the game has no profiles
 */
public record MatchSetup(
    List<String> players,
    @Nullable String hostPlayerID,
    String seed,
    long initialNow,
    @Nullable String config,
    Map<String, String> profiles) {
  public MatchSetup {
    players = List.copyOf(players);
    profiles = Map.copyOf(profiles);
    if (players.isEmpty()) {
      throw new IllegalArgumentException("a match without players");
    }
    if (hostPlayerID != null && (players.size() == 1 || !players.contains(hostPlayerID))) {
      throw new IllegalArgumentException("the host is " + hostPlayerID);
    }
  }

  /** A match without options and profiles. */
  public MatchSetup(
      List<String> players, @Nullable String hostPlayerID, String seed, long initialNow) {
    this(players, hostPlayerID, seed, initialNow, null, Map.of());
  }

  /** The same with other profiles. */
  public MatchSetup withProfiles(Map<String, String> other) {
    return new MatchSetup(players, hostPlayerID, seed, initialNow, config, other);
  }

  /** The part that games and clients see (openturn contract, 1.2). */
  public JsonObject match() {
    var match =
        new JsonObject().put("players", new JsonArray(players)).put("hostPlayerID", hostPlayerID);
    if (config != null) {
      match.put("config", new JsonObject(config));
    }
    if (!profiles.isEmpty()) {
      var values = new JsonObject();
      for (String player : players) {
        values.put(player, Json.decodeValue(profiles.getOrDefault(player, "null")));
      }
      match.put("profiles", values);
    }
    return match;
  }
}
