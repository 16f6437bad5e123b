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
 * What is left of runs that have ended: the events that they committed and did not post.
 *
 * <p>A run is swept twice: soon, and once more before its row is removed. It may have been only
 * paused, have gone on with a commit, and have died then. The row stays for as long as somebody
 * could still take a lease of that run.
 */
public final class OrphanedOutboxSweep {
  private static final Logger LOG = LoggerFactory.getLogger(OrphanedOutboxSweep.class);

  private final Store store;
  private final Membership membership;
  private final Leases leases;
  private final Duration forgetAfter;
  private final Set<Long> swept = new HashSet<>();

  /**
   * @param forgetAfter long enough for whatever such a run could still do, and shorter than what
   *     the outbox keeps
   */
  public OrphanedOutboxSweep(
      Store store, Membership membership, Leases leases, Duration forgetAfter) {
    this.store = store;
    this.membership = membership;
    this.leases = leases;
    this.forgetAfter = forgetAfter;
  }

  /** The duty of one node at a time. Asks the database for nothing when no run has ended. */
  public void clear() {
    for (EndedRun run : membership.ended()) {
      if (!run.member().swept() && !swept.contains(run.run())) {
        sweep(run);
        membership.swept(run.run());
        swept.add(run.run());
      } else if (isOver(run) && leases.countOf(run.run()) == 0) {
        sweep(run);
        membership.forget(run.run());
        swept.remove(run.run());
      }
    }
  }

  private boolean isOver(EndedRun run) {
    return membership.nanos() - run.sinceNanos() > forgetAfter.toNanos();
  }

  private void sweep(EndedRun run) {
    int events = store.postFor(run.run(), run.member().postedUpto());
    if (events > 0) {
      LOG.info("posted {} events for node {}, which is gone", events, run.member().node());
    }
  }
}
