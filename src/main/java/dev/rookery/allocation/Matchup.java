package dev.rookery.allocation;

import java.util.List;

/**
 * Who plays whom. Without teams, all are in the first.
 *
 * @param match its id, a UUID
 */
public record Matchup(String match, List<Participant> teamA, List<Participant> teamB) {
  public Matchup {
    teamA = List.copyOf(teamA);
    teamB = List.copyOf(teamB);
  }

  /**
   * @param uuid of a player or of a bot, whose begins with {@code bot-}
   */
  public record Participant(String uuid, String name) {}
}
