package dev.rookery.matchmaking;

import java.util.List;

/**
 * Why a ticket is not matched yet.
 *
 * @param band how far in skill the others may be by now
 * @param found players who would do, the ticket's own included
 * @param needed players of the whole match
 * @param misses who else waits and would do but for one criterion, those who miss by least first
 */
public record Explanation(
    String ticket, long waitedMs, double band, int found, int needed, List<Mismatch> misses) {
  public Explanation {
    misses = List.copyOf(misses);
  }

  /**
   * @param criterion {@code skill}, {@code region}, {@code mode}, {@code size} or {@code party}
   * @param players who fail by this one alone
   * @param nearest for {@code skill}, the smallest difference among them beyond both bands; else 0
   * @param inMs for {@code skill}, when the nearest would do if he stays; else 0
   */
  public record Mismatch(String criterion, int players, double nearest, long inMs) {}
}
