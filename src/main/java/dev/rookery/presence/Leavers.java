package dev.rookery.presence;

import dev.rookery.cluster.EndedRun;
import dev.rookery.cluster.Membership;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The players of runs that have ended: they have the grace to come back to any node, counted from
 * when their node was last known to live, and are shown out then. Done by one node for all.
 */
final class Leavers {
  private static final Duration AGAIN_AFTER = Duration.ofSeconds(10);

  private final Membership membership;
  private final Attendance attendance;
  private final InstantSource clock;
  private final Duration grace;
  private final Set<Long> cleared = new HashSet<>();
  private final Set<Long> clearedAgain = new HashSet<>();

  Leavers(Membership membership, Attendance attendance, InstantSource clock, Duration grace) {
    this.membership = membership;
    this.attendance = attendance;
    this.clock = clock;
    this.grace = grace;
  }

  /** Asks the database for nothing when no run has ended. */
  void showOut() {
    var ended = membership.endedRuns();
    Set<Long> known = ended.stream().map(EndedRun::run).collect(Collectors.toSet());
    cleared.retainAll(known);
    clearedAgain.retainAll(known);
    for (EndedRun run : ended) {
      clear(run, Duration.ZERO, cleared);
      // A write that was under way when the run was given up for dead may have come late.
      clear(run, AGAIN_AFTER, clearedAgain);
    }
  }

  private void clear(EndedRun run, Duration later, Set<Long> done) {
    long agoNanos = membership.nanos() - run.lastSeenNanos();
    if (agoNanos >= grace.plus(later).toNanos() && !done.contains(run.run())) {
      attendance.clear(run.run(), clock.instant().minusNanos(agoNanos).toEpochMilli());
      done.add(run.run());
    }
  }

  /** Who was shown in by a write that came when its run was forgotten already. */
  void showOutLate() {
    attendance.forgotten().forEach(run -> attendance.clear(run, clock.millis()));
  }
}
