package dev.rookery.console;

import dev.rookery.base.FatalErrors;
import dev.rookery.base.Refused;
import dev.rookery.bus.Done;
import dev.rookery.cluster.Membership;
import dev.rookery.lease.FailoverHandler;
import dev.rookery.lease.Lease;
import dev.rookery.lease.Leases;
import dev.rookery.store.Database;
import dev.rookery.store.Transaction;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the probe of drills: numbered messages on a stream, each under a lease and in one
 * transaction with the count of them. The node of the drill writes until its fault, and tries on if
 * it lives; the node that takes the lease over goes on.
 */
final class DrillProbe implements FailoverHandler {
  static final String KIND = "drill";
  static final String STREAM = "drill:";

  private static final Logger LOG = LoggerFactory.getLogger(DrillProbe.class);
  private static final String PREFIX = KIND + "/";
  private static final Duration WRITE_EVERY = Duration.ofMillis(50);
  private static final Duration FAULT = Duration.ofSeconds(10);
  private static final int MESSAGES = 40;
  private static final int LATE_TRIES = 1_000;
  private static final int REFUSED_MAX = 3;

  private final Database database;
  private final DrillStore drills;
  private final Membership membership;
  private final Leases leases;
  private final NodeFaults faults;
  private final String node;
  private final AtomicBoolean running = new AtomicBoolean();
  private volatile boolean stopping;

  DrillProbe(
      Database database,
      DrillStore drills,
      Membership membership,
      Leases leases,
      NodeFaults faults,
      String node) {
    this.database = database;
    this.drills = drills;
    this.membership = membership;
    this.leases = leases;
    this.faults = faults;
    this.node = node;
  }

  static String lease(long drill) {
    return PREFIX + drill;
  }

  /** Begins the drill of this node, if there is one; does not block. */
  void runSoon() {
    if (!stopping && running.compareAndSet(false, true)) {
      Thread.ofVirtual().name("drill").start(this::run);
    }
  }

  private void run() {
    try {
      Drill drill = drills.active(database).orElse(null);
      if (drill != null
          && drill.state() == Drill.State.PREPARING
          && drill.run() == membership.run()) {
        carryOut(drill);
      }
    } catch (Refused refused) {
      LOG.debug("the drill is tried again: {}", refused.toString());
    } catch (RuntimeException | Error failure) {
      FatalErrors.endIfFatal(failure);
      LOG.warn("the drill was interrupted", failure);
    } finally {
      running.set(false);
    }
  }

  private void carryOut(Drill drill) {
    Lease lease = leases.acquire(lease(drill.id())).orElse(null);
    if (lease == null) {
      return;
    }
    try {
      causeFault(drill, lease);
    } finally {
      // Still owned when the drill has ended before the fault, or the pause was not noticed. What
      // this run leaves behind is for the others to take over.
      if (!stopping && membership.run() == drill.run()) {
        delete(lease);
      }
    }
  }

  private void causeFault(Drill drill, Lease lease) {
    writeSeveral(lease, drill.id());
    boolean begun =
        database.write(
            tx -> {
              Leases.fence(tx, lease);
              return drills.begin(tx, drill.id(), drill.run());
            });
    if (!begun) {
      return;
    }
    switch (drill.fault()) {
      case STOP -> faults.stop();
      case PAUSE -> faults.pause(FAULT);
      case CUT -> faults.cut(FAULT);
    }
    writeLate(lease, drill.id());
  }

  private void delete(Lease lease) {
    try {
      leases.delete(lease);
    } catch (Refused unavailable) {
      LOG.debug("the lease {} stays until its run ends: {}", lease, unavailable.toString());
    }
  }

  private void writeSeveral(Lease lease, long drill) {
    for (int i = 0; i < MESSAGES; i++) {
      database.write(tx -> write(tx, lease, drill));
      LockSupport.parkNanos(WRITE_EVERY.toNanos());
    }
  }

  private Done write(Transaction tx, Lease lease, long drill) {
    Leases.fence(tx, lease);
    return append(tx, drill);
  }

  private Done append(Transaction tx, long drill) {
    long number =
        drills.acknowledge(tx, drill).orElseThrow(() -> Refused.conflict("drill_not_found"));
    tx.append(STREAM + drill, new DrillEvent.Probed(number));
    return Done.DONE;
  }

  /** A node that stood still, or was cut off, writes on as if nothing had been: it is refused. */
  private void writeLate(Lease lease, long drill) {
    int refused = 0;
    for (int i = 0; i < LATE_TRIES && refused < REFUSED_MAX && !stopping; i++) {
      try {
        database.write(tx -> write(tx, lease, drill));
      } catch (Refused failure) {
        if (failure.refusal().code().equals("drill_not_found")) {
          return;
        }
        if (failure.refusal().code().equals(Leases.NOT_OWNER)) {
          refused++;
          database.write(
              tx -> {
                drills.refused(tx, drill);
                return Done.DONE;
              });
        }
      }
      LockSupport.parkNanos(WRITE_EVERY.toNanos());
    }
  }

  @Override
  public void onOrphaned(String name) {
    if (stopping) {
      return;
    }
    long id = Long.parseLong(name.substring(PREFIX.length()));
    Drill drill = drills.find(database, id).orElse(null);
    boolean goesOn = drill != null && drill.state() == Drill.State.RUNNING;
    Lease lease = leases.acquire(name).orElse(null);
    if (lease == null) {
      return;
    }
    if (goesOn) {
      takeOver(lease, id);
    }
    leases.delete(lease);
  }

  private void takeOver(Lease lease, long drill) {
    try {
      database.write(
          tx -> {
            Leases.fence(tx, lease);
            drills.taken(tx, drill, node);
            return Done.DONE;
          });
      database.write(
          tx -> {
            Leases.fence(tx, lease);
            drills.first(tx, drill);
            return append(tx, drill);
          });
      writeSeveral(lease, drill);
    } catch (Refused refused) {
      LOG.debug("the probe of the drill ended: {}", refused.toString());
    }
  }

  @Override
  public void onLost(Lease lease) {
    // The next write is refused.
  }

  @Override
  public void onShutdown() {
    stopping = true;
  }
}
