package dev.rookery.game;

import java.util.List;

/**
 * What is known of a game without running it.
 *
 * @param playerIDs the seats, in order; a seat's index is the player's place in this list
 * @param minPlayers how many seats must be taken before a match starts
 */
public record GameInfo(
    String gameKey,
    String deploymentVersion,
    String schemaVersion,
    List<String> playerIDs,
    int minPlayers) {
  public GameInfo {
    playerIDs = List.copyOf(playerIDs);
    if (minPlayers < 1 || minPlayers > playerIDs.size()) {
      throw new IllegalArgumentException("minPlayers is " + minPlayers);
    }
  }

  public int maxPlayers() {
    return playerIDs.size();
  }
}
