package dev.rookery.matchmaking;

/**
 * How far in skill others may be: as far as the ticket's own skill is uncertain, and further the
 * longer it waits. Two tickets go together when each is within the other's band.
 */
final class SkillWindow {
  static final double PER_SECOND = 0.5;
  static final double MAX = 1_000;

  private SkillWindow() {}

  static double of(Ticket ticket, long nowMs) {
    double waitedSeconds = Math.max(0, nowMs - ticket.createdMs()) / 1_000.0;
    return Math.min(MAX, ticket.sigma() + PER_SECOND * waitedSeconds);
  }

  static boolean fit(Ticket one, Ticket other, long nowMs) {
    return excess(one, other, nowMs) <= 0;
  }

  /** By how much they differ more than they may. */
  static double excess(Ticket one, Ticket other, long nowMs) {
    return Math.abs(one.mu() - other.mu()) - Math.min(of(one, nowMs), of(other, nowMs));
  }

  static long inMs(double excess) {
    return (long) Math.ceil(Math.max(0, excess) / PER_SECOND * 1_000);
  }
}
