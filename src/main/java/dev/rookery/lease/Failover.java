package dev.rookery.lease;

import dev.rookery.base.Refused;
import dev.rookery.cluster.EndedRun;
import dev.rookery.cluster.Membership;
import dev.rookery.cluster.MembershipListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers what has no living owner to those on this node who can serve it: when a run ends, when an
 * heir comes, and every few seconds, should an offer have failed.
 */
final class Failover implements MembershipListener {
  private static final Logger LOG = LoggerFactory.getLogger(Failover.class);
  private static final int OFFERED_AT_ONCE_MAX = 1_000;
  private static final Duration OFFERED_EVERY = Duration.ofSeconds(5);
  // Numbers that follow each other are far apart when multiplied by it.
  private static final long SPREAD = 0x9E3779B97F4A7C15L;
  private static final Duration LEAVE_WITHIN = Duration.ofSeconds(5);

  private final Leases leases;
  private final Membership membership;
  private final Map<String, Registration> lines = new ConcurrentHashMap<>();
  private volatile long offeredNanos;

  Failover(Leases leases, Membership membership) {
    this.leases = leases;
    this.membership = membership;
  }

  void add(String kind, FailoverHandler heir, Executor on) {
    var line = new Registration(kind, heir, on);
    if (lines.putIfAbsent(kind, line) != null) {
      throw new IllegalStateException("there is an heir of " + kind + " already");
    }
    line.offer();
  }

  @Override
  public void ended(List<EndedRun> runs) {
    offer();
  }

  @Override
  public void looked() {
    if (membership.nanos() - offeredNanos > OFFERED_EVERY.toNanos()) {
      offer();
    }
  }

  private void offer() {
    offeredNanos = membership.nanos();
    lines.values().forEach(Registration::offer);
  }

  @Override
  public void lost(long before, long now) {
    for (Lease lease : leases.takeLost(before)) {
      Registration line = lines.get(lease.kind());
      if (line != null) {
        line.on.execute(() -> line.heir.lost(lease));
      }
    }
  }

  void leave() {
    var left = new CountDownLatch(lines.size());
    for (Registration line : lines.values()) {
      line.leaving.set(true);
      line.on.execute(() -> line.leave(left));
    }
    try {
      if (!left.await(LEAVE_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("not everything owned was stored within {}", LEAVE_WITHIN);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** The heir of one kind, who is offered one batch at a time. */
  private final class Registration {
    private final String kind;
    private final FailoverHandler heir;
    private final Executor on;
    private final AtomicBoolean offering = new AtomicBoolean();
    private final AtomicBoolean again = new AtomicBoolean();
    private final AtomicBoolean leaving = new AtomicBoolean();

    Registration(String kind, FailoverHandler heir, Executor on) {
      this.kind = kind;
      this.heir = heir;
      this.on = on;
    }

    void offer() {
      if (leaving.get()) {
        return;
      }
      again.set(true);
      if (offering.compareAndSet(false, true)) {
        on.execute(this::offerAll);
      }
    }

    private void offerAll() {
      again.set(false);
      try {
        for (String orphan : orphans()) {
          if (leaving.get()) {
            return;
          }
          heir.orphaned(orphan);
        }
      } catch (Refused away) {
        LOG.debug("orphans of {} could not be offered, trying again: {}", kind, away.toString());
      } catch (RuntimeException broken) {
        LOG.error("orphans of {} could not be offered, trying again", kind, broken);
      } finally {
        offering.set(false);
      }
      if (again.get()) {
        // Something ended meanwhile.
        offer();
      }
    }

    /** Each node begins elsewhere, so that they share what there is. */
    private List<String> orphans() {
      var orphans = new ArrayList<>(leases.orphans(kind, OFFERED_AT_ONCE_MAX));
      if (!orphans.isEmpty()) {
        int from = Math.floorMod(Long.hashCode(membership.run() * SPREAD), orphans.size());
        Collections.rotate(orphans, from);
      }
      return orphans;
    }

    void leave(CountDownLatch left) {
      try {
        heir.leaving();
      } catch (RuntimeException broken) {
        LOG.error("what was owned of {} could not be stored", kind, broken);
      } finally {
        left.countDown();
      }
    }
  }
}
