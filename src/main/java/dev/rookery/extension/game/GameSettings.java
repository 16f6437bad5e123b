package dev.rookery.extension.game;

import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a game without running it.
 *
 * @param gameKey the unique name of the game, which a request to open a room contains: a letter or
 *     digit, then up to 63 letters, digits, dots, hyphens and underscores
 * @param schemaVersion of its data, such as {@code 1}
 * @param playerIDs the seats, in order; a seat's index is the player's place in this list
 * @param minPlayers how many seats must be taken before a match starts
 * @param bots that may take seats
 * @param config options that the host sets
 * @param profile what the game keeps of players between matches; null for nothing
 */
public record GameSettings(
    String gameKey,
    String schemaVersion,
    List<String> playerIDs,
    int minPlayers,
    List<BotInfo> bots,
    ConfigSchema config,
    @Nullable ProfileInfo profile) {
  public GameSettings {
    playerIDs = List.copyOf(playerIDs);
    bots = List.copyOf(bots);
    if (minPlayers < 1 || minPlayers > playerIDs.size()) {
      throw new IllegalArgumentException("minPlayers is " + minPlayers);
    }
    if (new HashSet<>(playerIDs).size() < playerIDs.size()) {
      throw new IllegalArgumentException("two players have the same id");
    }
  }

  /** A game without bots, options and profiles. */
  public GameSettings(
      String gameKey, String schemaVersion, List<String> playerIDs, int minPlayers) {
    this(gameKey, schemaVersion, playerIDs, minPlayers, List.of(), ConfigSchema.NONE, null);
  }

  /** The same with bots. */
  public GameSettings withBots(List<BotInfo> other) {
    return new GameSettings(gameKey, schemaVersion, playerIDs, minPlayers, other, config, profile);
  }

  /** The same with options. */
  public GameSettings withConfig(ConfigSchema other) {
    return new GameSettings(gameKey, schemaVersion, playerIDs, minPlayers, bots, other, profile);
  }

  /** The same with profiles. */
  public GameSettings withProfile(ProfileInfo other) {
    return new GameSettings(gameKey, schemaVersion, playerIDs, minPlayers, bots, config, other);
  }
}
