package dev.rookery.presence;

import dev.rookery.cluster.EndedRun;
import dev.rookery.cluster.Membership;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes the players of runs that have ended leave: they may come back to any node for the grace
 * period, which counts from when their node was last known to be alive. One node does it for all.
 */
final class OrphanedPresence {
  private static final Duration AGAIN_AFTER = Duration.ofSeconds(10);

  private final Membership membership;
  private final PresenceTransitions transitions;
  private final InstantSource clock;
  private final Duration grace;
  private final Set<Long> cleared = new HashSet<>();
  private final Set<Long> clearedAgain = new HashSet<>();

  OrphanedPresence(
      Membership membership, PresenceTransitions transitions, InstantSource clock, Duration grace) {
    this.membership = membership;
    this.transitions = transitions;
    this.clock = clock;
    this.grace = grace;
  }

  /** Reads nothing from the database when no run has ended. */
  void clearEndedRuns() {
    var ended = membership.endedRuns();
    Set<Long> known = ended.stream().map(EndedRun::run).collect(Collectors.toSet());
    cleared.retainAll(known);
    clearedAgain.retainAll(known);
    for (EndedRun run : ended) {
      clear(run, Duration.ZERO, cleared);
      // A write that was under way when the run was declared dead may have come late.
      clear(run, AGAIN_AFTER, clearedAgain);
    }
  }

  private void clear(EndedRun run, Duration later, Set<Long> done) {
    long agoNanos = membership.nanos() - run.lastSeenNanos();
    if (agoNanos >= grace.plus(later).toNanos() && !done.contains(run.run())) {
      transitions.leaveRun(run.run(), clock.instant().minusNanos(agoNanos).toEpochMilli());
      done.add(run.run());
    }
  }

  /** Players whose arrival was written when their run was forgotten already. */
  void clearForgottenRuns() {
    transitions.forgottenRuns().forEach(run -> transitions.leaveRun(run, clock.millis()));
  }
}
