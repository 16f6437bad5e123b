package dev.rookery.matchmaking;

import java.util.List;

/**
 * Why a ticket is not matched yet.
 *
 * @param skillWindow how far in skill the others may be by now
 * @param found players who would do, the ticket's own included
 * @param needed players of the whole match
 * @param mismatches who else waits and would do but for one criterion, those who miss by least
 *     first
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
   * @param criterion {@code skill}, {@code region}, {@code mode}, {@code size} or {@code party}
   * @param players who fail by this one alone
   * @param smallestExcess for {@code skill}, the smallest difference among them beyond both bands;
   *     else 0
   * @param compatibleInMs for {@code skill}, when the nearest would do if he stays; else 0
   */
  public record Mismatch(
      String criterion, int players, double smallestExcess, long compatibleInMs) {}
}
