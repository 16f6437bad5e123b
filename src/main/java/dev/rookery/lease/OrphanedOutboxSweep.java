package dev.rookery.lease;

import dev.rookery.cluster.EndedRun;
import dev.rookery.cluster.Membership;
import dev.rookery.store.Store;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the events that runs committed but did not publish before they ended.
 *
 * <p>A run is swept twice: soon after its end, and once more before its row is deleted. A node that
 * was only paused may have committed once more before it died. The row is kept as long as a lease
 * of that run exists.
 */
public final class OrphanedOutboxSweep {
  private static final Logger LOG = LoggerFactory.getLogger(OrphanedOutboxSweep.class);

  private final Store store;
  private final Membership membership;
  private final Leases leases;
  private final Duration retention;
  private final Set<Long> swept = new HashSet<>();

  /**
   * @param retention how long the row of an ended run is kept: longer than such a run can still do
   *     anything, and shorter than the outbox keeps events
   */
  public OrphanedOutboxSweep(
      Store store, Membership membership, Leases leases, Duration retention) {
    this.store = store;
    this.membership = membership;
    this.leases = leases;
    this.retention = retention;
  }

  /**
   * Sweeps all ended runs; run by one node at a time. Does not access the database when no run has
   * ended. Returns how many rows of runs it deleted.
   */
  public long sweep() {
    long deleted = 0;
    for (EndedRun run : membership.endedRuns()) {
      if (!run.member().swept() && !swept.contains(run.run())) {
        publishRemaining(run);
        membership.markSwept(run.run());
        swept.add(run.run());
      } else if (isExpired(run) && leases.countOwnedBy(run.run()) == 0) {
        publishRemaining(run);
        membership.deleteRun(run.run());
        swept.remove(run.run());
        deleted++;
      }
    }
    return deleted;
  }

  private boolean isExpired(EndedRun run) {
    return membership.nanos() - run.lastSeenNanos() > retention.toNanos();
  }

  private void publishRemaining(EndedRun run) {
    int events = store.publishRemaining(run.run(), run.member().publishedUpTo());
    if (events > 0) {
      LOG.info("published {} events of node {}, which has ended", events, run.member().node());
    }
  }
}
