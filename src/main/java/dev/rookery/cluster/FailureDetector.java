package dev.rookery.cluster;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * For how long the beat of every other run has stood still, by a clock of this node that only
 * measures how long something takes.
 *
 * <p>Only time in which this node could look counts: one that was paused itself, or had no
 * database, must not take the silence of that time for the others'.
 */
final class FailureDetector {
  private static final int BEATS_BETWEEN_LOOKS_MAX = 2;

  private final HeartbeatSettings pace;
  private final Map<Long, ObservedBeat> seen = new HashMap<>();
  private final Set<String> suspects = ConcurrentHashMap.newKeySet();
  private long lookedNanos;
  private boolean looked;

  FailureDetector(HeartbeatSettings pace) {
    this.pace = pace;
  }

  private static final class ObservedBeat {
    private final long beat;
    private final long sinceNanos;
    private long silentNanos;

    ObservedBeat(long beat, long sinceNanos) {
      this.beat = beat;
      this.sinceNanos = sinceNanos;
    }
  }

  /** The transport says that the node is gone. A hint: it is believed once its beat agrees. */
  void suspect(String node) {
    suspects.add(node);
  }

  /** Which of the living, other than this run itself, have been silent for too long. */
  List<Member> look(List<Member> living, long now) {
    long passed = looked ? Math.min(now - lookedNanos, looksApartMax()) : 0;
    looked = true;
    lookedNanos = now;
    seen.keySet().retainAll(living.stream().map(Member::run).toList());
    suspects.retainAll(living.stream().map(Member::node).toList());
    return living.stream().filter(member -> isSilent(member, passed, now)).toList();
  }

  private boolean isSilent(Member member, long passed, long now) {
    ObservedBeat before = seen.get(member.run());
    if (before == null || before.beat != member.beat()) {
      seen.put(member.run(), new ObservedBeat(member.beat(), now));
      return false;
    }
    before.silentNanos += passed;
    var max = suspects.contains(member.node()) ? pace.silenceMaxOfSuspects() : pace.silenceMax();
    return before.silentNanos > max.toNanos();
  }

  /** When the run's beat was last seen to move; {@code otherwise} if it was never seen. */
  long lastSeen(long run, long otherwise) {
    ObservedBeat known = seen.get(run);
    return known == null ? otherwise : known.sinceNanos;
  }

  private long looksApartMax() {
    return pace.beat().multipliedBy(BEATS_BETWEEN_LOOKS_MAX).toNanos();
  }
}
