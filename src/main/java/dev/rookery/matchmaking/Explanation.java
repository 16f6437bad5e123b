package dev.rookery.matchmaking;

import java.util.List;

/**
 * Explains why a ticket has not been matched yet.
 *
 * @param ticket the UUID of the ticket
 * @param skillWindow the difference in skill that is allowed by now; see {@link SkillWindow}
 * @param found the number of compatible players, those of the ticket included
 * @param needed the number of players of the whole match
 * @param mismatches for each criterion, the waiting players that differ in this one alone
 */
public record Explanation(
    String ticket,
    long waitedMs,
    double skillWindow,
    int found,
    int needed,
    List<Mismatch> mismatches) {
  public Explanation {
    mismatches = List.copyOf(mismatches);
  }

  /**
   * Waiting players that are not compatible with the ticket because of one criterion alone.
   *
   * @param criterion {@code skill}, {@code region}, {@code mode}, {@code size} or {@code party}
   * @param players the number of these players
   * @param smallestExcess for {@code skill}, the smallest difference in skill beyond the skill
   *     window; otherwise 0
   * @param compatibleInMs for {@code skill}, after how many milliseconds the closest of these
   *     players becomes compatible if both keep waiting; otherwise 0
   */
  public record Mismatch(
      String criterion, int players, double smallestExcess, long compatibleInMs) {}
}
