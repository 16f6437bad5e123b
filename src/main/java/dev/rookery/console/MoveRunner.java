package dev.rookery.console;

import dev.rookery.base.FatalErrors;
import dev.rookery.base.Refused;
import dev.rookery.bus.Done;
import dev.rookery.cluster.Membership;
import dev.rookery.cluster.NodeCalls;
import dev.rookery.console.MovePlan.Step;
import dev.rookery.lease.ClusterQuery.OwnedLease;
import dev.rookery.lease.HandoverResult;
import dev.rookery.lease.Leases;
import dev.rookery.store.Database;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out the moves of this node, one after the other, on a virtual thread. Before each it asks
 * the node that is to get the lease; what decides is the transfer of the lease, which fails if that
 * run has ended or this node has lost the lease.
 */
final class MoveRunner {
  private static final Logger LOG = LoggerFactory.getLogger(MoveRunner.class);
  private static final int READ_AT_ONCE = 20;

  private final Database database;
  private final MoveStore moves;
  private final Membership membership;
  private final Leases leases;
  private final NodeCalls calls;
  private final AtomicBoolean running = new AtomicBoolean();
  private final AtomicBoolean again = new AtomicBoolean();
  private volatile boolean stopping;

  MoveRunner(
      Database database, MoveStore moves, Membership membership, Leases leases, NodeCalls calls) {
    this.database = database;
    this.moves = moves;
    this.membership = membership;
    this.leases = leases;
    this.calls = calls;
  }

  /** Carries out what is due; does not block. */
  void runSoon() {
    again.set(true);
    if (!stopping && running.compareAndSet(false, true)) {
      Thread.ofVirtual().name("moves of leases").start(this::run);
    }
  }

  void stop() {
    stopping = true;
  }

  private void run() {
    try {
      while (!stopping && again.getAndSet(false)) {
        runDue();
      }
    } catch (Refused unavailable) {
      LOG.debug("cannot move leases, will retry: {}", unavailable.toString());
    } catch (RuntimeException | Error failure) {
      FatalErrors.endIfFatal(failure);
      LOG.warn("cannot move leases, will retry", failure);
    } finally {
      running.set(false);
    }
  }

  private void runDue() {
    List<Step> due = moves.due(database, membership.run(), READ_AT_ONCE);
    int ended = 0;
    for (Step step : due) {
      if (stopping) {
        return;
      }
      if (!moves.isDue(database, step) || carryOut(step)) {
        ended++;
      }
    }
    if (due.size() == READ_AT_ONCE && ended > 0) {
      again.set(true);
    }
  }

  /** Whether the move has ended; one of a lease that this node has not acquired yet stays due. */
  private boolean carryOut(Step step) {
    String problem = problemOfTarget(step);
    if (problem == null) {
      try {
        HandoverResult outcome = leases.handOver(step.lease(), step.toRun());
        if (outcome == HandoverResult.NOT_ACQUIRED) {
          return false;
        }
        problem = problemOf(outcome, step);
      } catch (Refused refused) {
        problem = refused.refusal().code();
      }
    }
    end(step, problem);
    return true;
  }

  private void end(Step step, @Nullable String problem) {
    String code = problem == null ? "" : problem;
    database.write(
        tx -> {
          moves.end(tx, step, code.isEmpty() ? "done" : "failed", code);
          return Done.DONE;
        });
    String outcome = code.isEmpty() ? "done" : code;
    database.registry().counter("rookery.leases.moved", "outcome", outcome).increment();
    LOG.info("moving {} to node {}: {}", step.lease(), step.toNode(), outcome);
    if (code.isEmpty()) {
      var _ =
          calls.ask(MoveVerticle.OFFER, new JsonObject(), Set.of(step.toNode()), NodeCalls.WITHIN);
    }
  }

  /** Why the node that is to get the lease cannot have it now; null if it can. */
  private @Nullable String problemOfTarget(Step step) {
    JsonObject answer =
        calls
            .ask(
                MoveVerticle.SERVES,
                JsonObject.of("lease", step.lease()),
                Set.of(step.toNode()),
                NodeCalls.LONG_WITHIN)
            .await()
            .byNode()
            .get(step.toNode());
    if (answer == null) {
      return "target_silent";
    }
    if (answer.getLong("run") != step.toRun()) {
      return "target_gone";
    }
    if (!answer.getBoolean("ready")) {
      return "target_not_ready";
    }
    return answer.getBoolean("serves") ? null : "target_cannot_serve";
  }

  private @Nullable String problemOf(HandoverResult outcome, Step step) {
    return switch (outcome) {
      case DONE, NOT_ACQUIRED -> null;
      case NOT_OWNER -> problemOfOwner(step);
      case NOT_MOVABLE -> "not_movable";
      case BUSY -> "owner_busy";
      case TARGET_GONE -> "target_gone";
    };
  }

  /** A move that was carried out, and whose outcome could not be stored, is done. */
  private @Nullable String problemOfOwner(Step step) {
    OwnedLease lease = leases.find(step.lease()).orElse(null);
    if (lease == null) {
      return "lease_gone";
    }
    return lease.run() == step.toRun() ? null : "owner_changed";
  }
}
