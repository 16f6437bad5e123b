package dev.rookery.cluster;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Measures how long the heartbeat of every other run has stood still, by this node's monotonic
 * clock.
 *
 * <p>Only time in which this node was able to check counts: a node that was paused itself, or had
 * no database, must not mistake that time for the silence of others.
 */
final class FailureDetector {
  private static final int INTERVALS_BETWEEN_CHECKS_MAX = 2;

  private final HeartbeatSettings settings;
  private final Map<Long, ObservedBeat> observed = new HashMap<>();
  private final Set<String> suspects = ConcurrentHashMap.newKeySet();
  private long lastCheckNanos;
  private boolean hasChecked;

  FailureDetector(HeartbeatSettings settings) {
    this.settings = settings;
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

  /**
   * Reports that the transport has lost the node. It is only a hint, believed once the heartbeat
   * agrees.
   */
  void suspect(String node) {
    suspects.add(node);
  }

  /** Returns the living runs, other than this one, that have been silent for too long. */
  List<Member> findSilent(List<Member> living, long now) {
    long elapsed = hasChecked ? Math.min(now - lastCheckNanos, elapsedMax()) : 0;
    hasChecked = true;
    lastCheckNanos = now;
    observed.keySet().retainAll(living.stream().map(Member::run).toList());
    suspects.retainAll(living.stream().map(Member::node).toList());
    return living.stream().filter(member -> isSilent(member, elapsed, now)).toList();
  }

  private boolean isSilent(Member member, long elapsed, long now) {
    ObservedBeat previous = observed.get(member.run());
    if (previous == null || previous.beat != member.beat()) {
      observed.put(member.run(), new ObservedBeat(member.beat(), now));
      return false;
    }
    previous.silentNanos += elapsed;
    var max = suspects.contains(member.node()) ? settings.suspectTimeout() : settings.timeout();
    return previous.silentNanos > max.toNanos();
  }

  /** When the run's heartbeat was last seen to change; {@code otherwise} if it was never seen. */
  long lastSeen(long run, long otherwise) {
    ObservedBeat known = observed.get(run);
    return known == null ? otherwise : known.sinceNanos;
  }

  private long elapsedMax() {
    return settings.interval().multipliedBy(INTERVALS_BETWEEN_CHECKS_MAX).toNanos();
  }
}
