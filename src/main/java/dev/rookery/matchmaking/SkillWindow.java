package dev.rookery.matchmaking;

/**
 * How far in skill others may be: as far as the ticket's own skill is uncertain, and further the
 * longer it waits. Two tickets go together when each is within the other's band.
 */
final class SkillWindow {
  static final double WIDENING_PER_SECOND = 0.5;
  static final double WIDTH_MAX = 1_000;

  private SkillWindow() {}

  static double width(Ticket ticket, long nowMs) {
    double waitedSeconds = Math.max(0, nowMs - ticket.createdMs()) / 1_000.0;
    return Math.min(WIDTH_MAX, ticket.sigma() + WIDENING_PER_SECOND * waitedSeconds);
  }

  static boolean areCompatible(Ticket one, Ticket other, long nowMs) {
    return excess(one, other, nowMs) <= 0;
  }

  /** By how much they differ more than they may. */
  static double excess(Ticket one, Ticket other, long nowMs) {
    return Math.abs(one.mu() - other.mu()) - Math.min(width(one, nowMs), width(other, nowMs));
  }

  static long msUntilCompatible(double excess) {
    return (long) Math.ceil(Math.max(0, excess) / WIDENING_PER_SECOND * 1_000);
  }
}
