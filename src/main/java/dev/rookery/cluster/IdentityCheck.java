package dev.rookery.cluster;

import dev.rookery.cluster.NodeStore.IdentifiedRun;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Refuses the start of a node whose cluster or key differs from those of the nodes that run on the
 * same database: it could not hear them, and they not it.
 *
 * <p>A run that stands as alive may belong to a node that was killed. So a node that differs is
 * watched until its heartbeat moves, or for as long as it takes to count as dead. Without a
 * difference nothing is awaited.
 */
final class IdentityCheck {
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);

  private final NodeStore store;
  private final HeartbeatSettings settings;

  IdentityCheck(NodeStore store, HeartbeatSettings settings) {
    this.store = store;
    this.settings = settings;
  }

  /**
   * @param ownRun the run of this node; 0 before it has one
   * @throws IllegalStateException with the reason, for the operator
   */
  void run(ClusterIdentity own, long ownRun) {
    Map<Long, Long> firstBeats = new HashMap<>();
    long looks = settings.timeout().dividedBy(LOOK_EVERY) + 1;
    for (long look = 0; look <= looks; look++) {
      List<IdentifiedRun> different =
          store.findIdentities().stream()
              .filter(other -> other.run() != ownRun)
              .filter(other -> own.conflictWith(other.node(), other.identity()) != null)
              .toList();
      for (IdentifiedRun other : different) {
        long firstBeat = firstBeats.computeIfAbsent(other.run(), _ -> other.beat());
        if (other.beat() != firstBeat) {
          throw new IllegalStateException(own.conflictWith(other.node(), other.identity()));
        }
      }
      if (different.isEmpty()) {
        return;
      }
      pause();
    }
  }

  private static void pause() {
    LockSupport.parkNanos(LOOK_EVERY.toNanos());
    if (Thread.currentThread().isInterrupted()) {
      throw new IllegalStateException("the start was interrupted");
    }
  }
}
