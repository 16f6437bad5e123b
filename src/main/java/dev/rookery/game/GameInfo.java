package dev.rookery.game;

import dev.rookery.extension.game.BotInfo;
import dev.rookery.extension.game.ConfigSchema;
import dev.rookery.extension.game.GameSettings;
import dev.rookery.extension.game.ProfileInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a game without running it.
 *
 * @param playerIDs the seats, in order; a seat's index is the player's place in this list
 * @param minPlayers how many seats must be taken before a match starts
 * @param bots that may take seats
 * @param config options that the host sets
 * @param profile what the game keeps of players between matches; null for nothing
 */
public record GameInfo(
    String gameKey,
    String deploymentVersion,
    String schemaVersion,
    List<String> playerIDs,
    int minPlayers,
    List<BotInfo> bots,
    ConfigSchema config,
    @Nullable ProfileInfo profile) {
  public GameInfo {
    playerIDs = List.copyOf(playerIDs);
    bots = List.copyOf(bots);
    if (minPlayers < 1 || minPlayers > playerIDs.size()) {
      throw new IllegalArgumentException("minPlayers is " + minPlayers);
    }
  }

  /** A game in Java, under the version in which it is deployed. */
  static GameInfo of(GameSettings settings, String version) {
    return new GameInfo(
        settings.gameKey(),
        version,
        settings.schemaVersion(),
        settings.playerIDs(),
        settings.minPlayers(),
        settings.bots(),
        settings.config(),
        settings.profile());
  }

  /** A game without bots, options and profiles. */
  public GameInfo(
      String gameKey,
      String deploymentVersion,
      String schemaVersion,
      List<String> playerIDs,
      int minPlayers) {
    this(
        gameKey,
        deploymentVersion,
        schemaVersion,
        playerIDs,
        minPlayers,
        List.of(),
        ConfigSchema.NONE,
        null);
  }

  public int maxPlayers() {
    return playerIDs.size();
  }
}
