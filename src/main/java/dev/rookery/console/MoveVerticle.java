package dev.rookery.console;

import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.cluster.Member;
import dev.rookery.cluster.Membership;
import dev.rookery.cluster.NodeCalls;
import dev.rookery.console.MovePlan.Kind;
import dev.rookery.console.MovePlan.State;
import dev.rookery.console.MovePlan.Step;
import dev.rookery.lease.ClusterQuery.OwnedLease;
import dev.rookery.lease.ClusterScheduler;
import dev.rookery.lease.Lease;
import dev.rookery.lease.Leases;
import dev.rookery.lease.Sweep;
import dev.rookery.lease.SweptTable;
import dev.rookery.store.Database;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Serves {@link MoveCommand}. A plan is stored as rows; each owner carries out its own moves with
 * {@link MoveRunner}. The moves of an owner that has ended are ended with it: what it owned is
 * taken over by the nodes that live.
 */
public final class MoveVerticle extends VerticleBase {
  static final String SERVES = "move.serves";
  static final String OFFER = "move.offer";
  private static final String DUE = "move.due";

  private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
  private static final Duration END_EVERY = Duration.ofSeconds(2);
  private static final Duration SWEEP_EVERY = Duration.ofHours(1);
  private static final Duration KEPT_FOR = Duration.ofDays(30);
  private static final Duration READY_FOR = Duration.ofHours(1);
  private static final int LISTED_MAX = 101;
  private static final int ORPHANS_MAX = 100;
  private static final String READY = "ready";

  private final Bus bus;
  private final Database database;
  private final Membership membership;
  private final Leases leases;
  private final ClusterScheduler scheduler;
  private final NodeCalls calls;
  private final Supplier<String> phase;
  private final MoveStore moves = new MoveStore();
  private final MoveRunner runner;

  /**
   * @param phase whether this node is {@code ready}, {@code starting} or {@code draining}
   */
  public MoveVerticle(
      Bus bus,
      Database database,
      Membership membership,
      Leases leases,
      ClusterScheduler scheduler,
      NodeCalls calls,
      Supplier<String> phase) {
    this.bus = bus;
    this.database = database;
    this.membership = membership;
    this.leases = leases;
    this.scheduler = scheduler;
    this.calls = calls;
    this.phase = phase;
    this.runner = new MoveRunner(database, moves, membership, leases, calls);
  }

  @Override
  public Future<?> start() {
    calls.answer(SERVES, asked -> serves(asked.getString("lease", "")));
    calls.answer(
        OFFER,
        _ -> {
          leases.offerSoon();
          return new JsonObject();
        });
    calls.answer(
        DUE,
        _ -> {
          runner.runSoon();
          return new JsonObject();
        });
    vertx.setPeriodic(LOOK_EVERY.toMillis(), _ -> runner.runSoon());
    scheduler.schedule("moves of ended nodes", END_EVERY, _ -> endOrphans());
    scheduler.scheduleSweep(
        Sweep.every(
            SWEEP_EVERY,
            "ended moves",
            SweptTable.aged("move_plan", "when the plan ended long ago", "changed_ms", KEPT_FOR),
            SweptTable.ruled("move_step", "with its plan")),
        _ -> database.write(tx -> moves.sweep(tx, tx.now().minus(KEPT_FOR).toEpochMilli())));
    return bus.<MoveCommand<?>>serve(MoveCommand.ADDRESS, this::handle);
  }

  @Override
  public Future<?> stop() {
    runner.stop();
    return Future.succeededFuture();
  }

  private JsonObject serves(String lease) {
    return JsonObject.of(
        READY,
        phase.get().equals(READY),
        "serves",
        lease.isEmpty() || leases.canServe(lease),
        "run",
        membership.run());
  }

  private Object handle(MoveCommand<?> command) {
    return switch (command) {
      case MoveCommand.MoveLease(var lease, var node) -> move(lease, node);
      case MoveCommand.MakePlan(var from, var count) -> makePlan(from, count);
      case MoveCommand.RunPlan(var plan) -> run(plan);
      case MoveCommand.CancelPlan(var plan) -> cancel(plan);
      case MoveCommand.FindPlan(var plan) -> find(plan);
      case MoveCommand.ListPlans(var before, var max) ->
          moves.list(database, before, Math.clamp(max, 1, LISTED_MAX));
      case MoveCommand.ListSteps(var plan) -> moves.steps(database, plan);
    };
  }

  private MovePlan find(long plan) {
    return moves.find(database, plan).orElseThrow(() -> Refused.missing("plan_not_found"));
  }

  private MovePlan move(String name, String node) {
    OwnedLease lease = leases.find(name).orElseThrow(() -> Refused.missing("lease_not_found"));
    Member target = living(node);
    String owner = lease.node();
    if (owner == null) {
      throw Refused.conflict("no_owner");
    }
    if (lease.run() == target.run()) {
      throw Refused.conflict("already_there");
    }
    if (!leases.movableKinds().contains(kind(name))) {
      throw Refused.conflict("not_movable");
    }
    if (!readyRuns(Set.of(node)).contains(target.run())) {
      throw Refused.conflict("node_not_ready");
    }
    var step = new Step(0, 1, name, lease.run(), owner, target.run(), node, "due", "");
    var admin = AuditedChange.currentAdmin();
    long plan =
        database.write(
            tx -> moves.insert(tx, Kind.ONE, State.RUNNING, owner, admin, List.of(step)));
    wakeOwners(Set.of(owner));
    return find(plan);
  }

  private static String kind(String lease) {
    int slash = lease.indexOf('/');
    return slash < 0 ? lease : lease.substring(0, slash);
  }

  private Member living(String node) {
    return membership.members().stream()
        .filter(member -> member.alive() && member.node().equals(node))
        .findFirst()
        .orElseThrow(() -> Refused.missing("node_not_found"));
  }

  /** The runs of those nodes that say that they are ready. */
  private Set<Long> readyRuns(Set<String> nodes) {
    var ready = new HashSet<Long>();
    calls
        .ask(SERVES, JsonObject.of("lease", ""), nodes, NodeCalls.LONG_WITHIN)
        .await()
        .byNode()
        .values()
        .forEach(
            answer -> {
              if (answer.getBoolean(READY)) {
                ready.add(answer.getLong("run"));
              }
            });
    return ready;
  }

  private MovePlan makePlan(String from, int count) {
    boolean shares = !from.isEmpty();
    long source = shares ? living(from).run() : 0;
    var nodes = new HashMap<Long, String>();
    membership.members().stream()
        .filter(Member::alive)
        .forEach(member -> nodes.put(member.run(), member.node()));
    Set<Long> ready = readyRuns(new HashSet<>(nodes.values()));
    ready.retainAll(nodes.keySet());
    if (ready.stream().noneMatch(run -> run != source) || (!shares && ready.size() < 2)) {
      throw Refused.conflict("no_ready_node");
    }
    var counts = new HashMap<String, Map<Long, Long>>();
    leases.movableKinds().forEach(kind -> counts.put(kind, leases.countOfKind(kind)));
    var planner = new MovePlanner(counts, ready);
    List<Step> steps =
        name(
            shares
                ? planner.share(source, Math.clamp(count, 1, MovePlan.STEPS_MAX))
                : planner.balance(MovePlan.STEPS_MAX),
            nodes);
    if (steps.isEmpty()) {
      throw Refused.conflict("nothing_to_move");
    }
    var admin = AuditedChange.currentAdmin();
    Kind kind = shares ? Kind.SHARE : Kind.BALANCE;
    return find(database.write(tx -> moves.insert(tx, kind, State.READY, from, admin, steps)));
  }

  /** Chooses the leases that are transferred, as far as there are so many. */
  private List<Step> name(List<MovePlanner.Transfer> transfers, Map<Long, String> nodes) {
    var owned = new HashMap<String, ArrayDeque<Lease>>();
    var steps = new ArrayList<Step>();
    for (MovePlanner.Transfer transfer : transfers) {
      Lease lease =
          owned
              .computeIfAbsent(
                  transfer.from() + "/" + transfer.kind(),
                  _ ->
                      new ArrayDeque<>(
                          leases.findOwned(transfer.from(), transfer.kind(), MovePlan.STEPS_MAX)))
              .poll();
      if (lease != null) {
        steps.add(
            new Step(
                0,
                steps.size() + 1,
                lease.name(),
                transfer.from(),
                nodes.getOrDefault(transfer.from(), ""),
                transfer.to(),
                nodes.getOrDefault(transfer.to(), ""),
                "planned",
                ""));
      }
    }
    return steps;
  }

  private MovePlan run(long plan) {
    find(plan);
    database.write(
        tx -> {
          if (moves.isOtherRunning(tx, plan)) {
            throw Refused.conflict("plan_running");
          }
          if (!moves.run(tx, plan, tx.now().minus(READY_FOR).toEpochMilli())) {
            throw Refused.conflict("plan_not_ready");
          }
          return Done.DONE;
        });
    var owners = new HashSet<String>();
    moves.steps(database, plan).forEach(step -> owners.add(step.fromNode()));
    wakeOwners(owners);
    return find(plan);
  }

  private MovePlan cancel(long plan) {
    find(plan);
    database.write(
        tx -> {
          moves.cancel(tx, plan);
          return Done.DONE;
        });
    return find(plan);
  }

  /** An owner that misses the call looks for its moves by itself a moment later. */
  private void wakeOwners(Set<String> nodes) {
    var _ = calls.ask(DUE, new JsonObject(), nodes, NodeCalls.WITHIN);
  }

  private void endOrphans() {
    List<Step> orphans = moves.orphans(database, ORPHANS_MAX);
    if (orphans.isEmpty()) {
      return;
    }
    database.write(
        tx -> {
          orphans.forEach(step -> moves.end(tx, step, "failed", "owner_gone"));
          return Done.DONE;
        });
  }
}
