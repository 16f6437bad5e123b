package dev.rookery.lease;

import dev.rookery.base.FatalErrors;
import dev.rookery.base.Refused;
import dev.rookery.cluster.EndedRun;
import dev.rookery.cluster.Membership;
import dev.rookery.cluster.MembershipListener;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers leases without a living owner to the handlers on this node: when a run ends, when a
 * handler is registered, and every few seconds in case an offer failed.
 */
final class Failover implements MembershipListener {
  private static final Logger LOG = LoggerFactory.getLogger(Failover.class);
  private static final int BATCH_MAX = 1_000;
  private static final Duration OFFER_INTERVAL = Duration.ofSeconds(5);

  private final Leases leases;
  private final Membership membership;
  private final Map<String, Registration> registrations = new ConcurrentHashMap<>();
  private volatile long lastOfferNanos;

  Failover(Leases leases, Membership membership) {
    this.leases = leases;
    this.membership = membership;
  }

  void add(String kind, FailoverHandler handler, Executor executor) {
    var registration = new Registration(kind, handler, executor);
    if (registrations.putIfAbsent(kind, registration) != null) {
      throw new IllegalStateException("a handler of " + kind + " is already registered");
    }
    registration.offer();
  }

  @Override
  public void onRunsEnded(List<EndedRun> runs) {
    offer();
  }

  @Override
  public void onChecked() {
    if (membership.nanos() - lastOfferNanos > OFFER_INTERVAL.toNanos()) {
      offer();
    }
  }

  Set<String> movableKinds() {
    return registrations.values().stream()
        .filter(registration -> registration.handler.isMovable())
        .map(registration -> registration.kind)
        .collect(Collectors.toUnmodifiableSet());
  }

  boolean canServe(String name) {
    Registration registration = registrations.get(Lease.kind(name));
    return registration != null
        && !registration.shuttingDown.get()
        && registration.handler.isMovable()
        && registration.handler.canServe(name);
  }

  HandoverResult handOver(String name, long toRun) {
    Registration registration = registrations.get(Lease.kind(name));
    return registration == null || !registration.handler.isMovable()
        ? HandoverResult.NOT_MOVABLE
        : registration.handler.handOver(name, toRun);
  }

  void offerSoon() {
    offer();
  }

  private void offer() {
    lastOfferNanos = membership.nanos();
    registrations.values().forEach(Registration::offer);
  }

  @Override
  public void onRunLost(long oldRun, long newRun) {
    for (Lease lease : leases.removeLost(oldRun)) {
      Registration registration = registrations.get(lease.kind());
      if (registration != null) {
        registration.executor.execute(() -> registration.handler.onLost(lease));
      }
    }
  }

  void shutDown() {
    var finished = new CountDownLatch(registrations.size());
    Duration timeout =
        registrations.values().stream()
            .map(registration -> registration.handler.shutdownTimeout())
            .max(Comparator.naturalOrder())
            .orElse(Duration.ZERO);
    for (Registration registration : registrations.values()) {
      registration.shuttingDown.set(true);
      registration.executor.execute(() -> registration.shutDown(finished));
    }
    try {
      if (!finished.await(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("the lease handlers did not finish within {}", timeout);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** The handler of one kind of lease; one batch is offered at a time. */
  private final class Registration {
    private final String kind;
    private final FailoverHandler handler;
    private final Executor executor;
    private final AtomicBoolean offering = new AtomicBoolean();
    private final AtomicBoolean offerAgain = new AtomicBoolean();
    private final AtomicBoolean shuttingDown = new AtomicBoolean();

    Registration(String kind, FailoverHandler handler, Executor executor) {
      this.kind = kind;
      this.handler = handler;
      this.executor = executor;
    }

    void offer() {
      if (shuttingDown.get()) {
        return;
      }
      offerAgain.set(true);
      if (offering.compareAndSet(false, true)) {
        executor.execute(this::offerAll);
      }
    }

    private void offerAll() {
      offerAgain.set(false);
      try {
        offerOrphans();
        if (handler.isMovable() && !shuttingDown.get()) {
          offerTransferred();
        }
      } catch (Refused unavailable) {
        LOG.debug(
            "orphaned leases of {} could not be offered, trying again: {}",
            kind,
            unavailable.toString());
      } catch (Throwable failure) {
        FatalErrors.endIfFatal(failure);
        LOG.error("orphaned leases of {} could not be offered, trying again", kind, failure);
      } finally {
        offering.set(false);
      }
      if (offerAgain.get()) {
        // Another run has ended in the meantime.
        offer();
      }
    }

    /** Those that another run has transferred to this one, until this node takes them. */
    private void offerTransferred() {
      List<String> transferred = leases.findUntaken(kind, BATCH_MAX);
      if (!transferred.isEmpty()) {
        transferred.forEach(handler::onOrphaned);
        leases.releaseUntaken();
      }
    }

    /** Offers the orphaned leases, of which this node takes its share before it looks again. */
    private void offerOrphans() {
      var share = new OrphanShare(membership.run(), membership.aliveCount());
      List<String> next = share.next(leases.findOrphans(kind, BATCH_MAX));
      while (!next.isEmpty()) {
        for (String orphan : next) {
          if (shuttingDown.get()) {
            return;
          }
          handler.onOrphaned(orphan);
        }
        next = share.next(leases.findOrphans(kind, BATCH_MAX));
      }
    }

    void shutDown(CountDownLatch finished) {
      try {
        handler.onShutdown();
      } catch (Throwable failure) {
        FatalErrors.endIfFatal(failure);
        LOG.error("the lease handler of {} failed to shut down", kind, failure);
      } finally {
        finished.countDown();
      }
    }
  }
}
