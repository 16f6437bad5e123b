package dev.rookery.allocation;

import java.util.List;

/**
 * The participants of a match. In a match without teams all of them are in team A.
 *
 * @param match the id of the match, a UUID
 */
public record Matchup(String match, List<Participant> teamA, List<Participant> teamB) {
  public Matchup {
    teamA = List.copyOf(teamA);
    teamB = List.copyOf(teamB);
  }

  /**
   * A player or bot in a match.
   *
   * @param uuid the UUID of a player, or {@code bot-} and a UUID for a bot
   * @param name the display name
   */
  public record Participant(String uuid, String name) {}
}
