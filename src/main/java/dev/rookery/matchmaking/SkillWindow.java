package dev.rookery.matchmaking;

/**
 * Computes the skill window of a ticket: the difference in skill ({@code mu}) up to which it may be
 * matched with another ticket. The window starts at the ticket's own uncertainty ({@code sigma})
 * and widens by {@value #WIDENING_PER_SECOND} for each second that the ticket waits, up to {@value
 * #WIDTH_MAX}. Two tickets fit if each is within the other's window.
 */
final class SkillWindow {
  static final double WIDENING_PER_SECOND = 0.5;
  static final double WIDTH_MAX = 1_000;

  private SkillWindow() {}

  static double width(Ticket ticket, long nowMs) {
    double waitedSeconds = Math.max(0, nowMs - ticket.createdMs()) / 1_000.0;
    return Math.min(WIDTH_MAX, ticket.sigma() + WIDENING_PER_SECOND * waitedSeconds);
  }

  /** Returns how far the difference in skill exceeds the smaller window; negative if it fits. */
  static double excess(Ticket one, Ticket other, long nowMs) {
    return Math.abs(one.mu() - other.mu()) - Math.min(width(one, nowMs), width(other, nowMs));
  }

  /** Returns after how many milliseconds of further waiting an excess has disappeared. */
  static long msUntilCompatible(double excess) {
    return (long) Math.ceil(Math.max(0, excess) / WIDENING_PER_SECOND * 1_000);
  }
}
