package dev.rookery.allocation;

import dev.rookery.base.PlayerId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The participants of a match. In a match without teams all of them are in team A.
 *
 * @param match the id of the match, a UUID
 * @param mode that its players searched for; null if they did not search
 */
public record Matchup(
    String match, List<Participant> teamA, List<Participant> teamB, @Nullable String mode) {
  public Matchup {
    teamA = List.copyOf(teamA);
    teamB = List.copyOf(teamB);
  }

  /**
   * A player or bot in a match.
   *
   * @param uuid the UUID of a player, or {@code bot-} and a UUID for a bot
   * @param name the display name
   * @param player null for a bot
   */
  public record Participant(String uuid, String name, @Nullable PlayerId player) {}
}
