package dev.rookery.console;

import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.cluster.EndedRun;
import dev.rookery.cluster.Member;
import dev.rookery.cluster.Membership;
import dev.rookery.cluster.MembershipListener;
import dev.rookery.cluster.NodeCalls;
import dev.rookery.console.DrillCommand.DrillPage;
import dev.rookery.fanout.FanOut;
import dev.rookery.lease.ClusterScheduler;
import dev.rookery.lease.Leases;
import dev.rookery.lease.Sweep;
import dev.rookery.lease.SweptTable;
import dev.rookery.store.Database;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Serves {@link DrillCommand}. A drill is a row: its node finds it there and causes the fault, one
 * node of the cluster measures it, and all of them note what they see.
 */
public final class DrillVerticle extends VerticleBase {
  private static final String STATE = "drill.state";
  private static final String DUE = "drill.due";
  private static final Duration LOOK_EVERY = Duration.ofSeconds(2);
  private static final Duration MEASURE_EVERY = Duration.ofMillis(250);
  private static final Duration GAUGES_EVERY = Duration.ofSeconds(15);
  private static final Duration SWEEP_EVERY = Duration.ofHours(1);
  private static final Duration KEPT_FOR = Duration.ofDays(365);
  private static final int NODES_MIN = 3;
  private static final int PERCENT = 100;

  /**
   * @param node the name of this node
   * @param enabled whether drills may be started
   * @param playersPercentMax which share of the connected players a node may have at most
   */
  public record Settings(String node, boolean enabled, int playersPercentMax) {}

  /** What a drill works with, beside the database. */
  public record Cluster(
      Membership membership, Leases leases, ClusterScheduler scheduler, FanOut fanOut) {}

  private final Bus bus;
  private final Database database;
  private final Cluster cluster;
  private final InstantSource clock;
  private final NodeCalls calls;
  private final NodeFaults faults;
  private final Supplier<String> phase;
  private final Settings settings;
  private final DrillStore drills = new DrillStore();
  private final DrillProbe probe;

  /**
   * @param phase whether this node is {@code ready}, {@code starting} or {@code draining}
   */
  public DrillVerticle(
      Bus bus,
      Database database,
      Cluster cluster,
      InstantSource clock,
      NodeCalls calls,
      NodeFaults faults,
      Supplier<String> phase,
      Settings settings) {
    this.bus = bus;
    this.database = database;
    this.cluster = cluster;
    this.clock = clock;
    this.calls = calls;
    this.faults = faults;
    this.phase = phase;
    this.settings = settings;
    this.probe =
        new DrillProbe(
            database, drills, cluster.membership(), cluster.leases(), faults, settings.node());
  }

  @Override
  public Future<?> start() {
    calls.answer(STATE, _ -> state());
    calls.answer(
        DUE,
        _ -> {
          probe.runSoon();
          return new JsonObject();
        });
    cluster
        .leases()
        .registerHandler(DrillProbe.KIND, probe, work -> Thread.startVirtualThread(work));
    cluster
        .membership()
        .addListener(
            new MembershipListener() {
              @Override
              public void onRunsEnded(List<EndedRun> runs) {
                Thread.startVirtualThread(() -> noteEnded(runs));
              }
            });
    var observer =
        new DrillObserver(
            database,
            drills,
            cluster.leases(),
            cluster.fanOut(),
            clock,
            vertx.getOrCreateContext());
    var gauges =
        new LastRunGauges(
            database.registry(), clock, "rookery.drill", () -> drills.lastRuns(database));
    vertx.setPeriodic(1, GAUGES_EVERY.toMillis(), _ -> Thread.startVirtualThread(gauges::refresh));
    cluster
        .scheduler()
        .scheduleSweep(
            Sweep.every(
                SWEEP_EVERY,
                "old drills",
                SweptTable.aged("drill", "a year after it began", "created_ms", KEPT_FOR)
                    .orderedBy("id")),
            _ -> database.write(tx -> drills.sweep(tx, tx.now().minus(KEPT_FOR).toEpochMilli())));
    var job =
        cluster
            .scheduler()
            .schedulePaced(
                "drills",
                LOOK_EVERY,
                lease -> observer.measure(lease) ? MEASURE_EVERY : LOOK_EVERY);
    vertx.setPeriodic(
        LOOK_EVERY.toMillis(),
        _ -> {
          probe.runSoon();
          if (!job.isHeld()) {
            observer.close();
          }
        });
    return bus.<DrillCommand<?>>serve(DrillCommand.ADDRESS, this::handle);
  }

  private JsonObject state() {
    return JsonObject.of(
        "ready", phase.get().equals("ready"),
        "enabled", settings.enabled(),
        "pause", faults.canPause(),
        "cut", faults.canCut());
  }

  /** The first node that has the run for ended notes the time. */
  private void noteEnded(List<EndedRun> runs) {
    drills
        .active(database)
        .filter(drill -> drill.state() == Drill.State.RUNNING)
        .filter(drill -> runs.stream().anyMatch(ended -> ended.run() == drill.run()))
        .ifPresent(
            drill ->
                database.write(
                    tx -> {
                      drills.detected(tx, drill.id());
                      return Done.DONE;
                    }));
  }

  private Object handle(DrillCommand<?> command) {
    return switch (command) {
      case DrillCommand.StartDrill(var node, var fault) -> start(node, fault);
      case DrillCommand.FindDrill(var drill) -> find(drill);
      case DrillCommand.ListDrills _ ->
          new DrillPage(settings.enabled(), drills.list(database, DrillCommand.ListDrills.MAX));
    };
  }

  private Drill find(long drill) {
    return drills.find(database, drill).orElseThrow(() -> Refused.missing("drill_not_found"));
  }

  private Drill start(String node, Drill.Fault fault) {
    if (!settings.enabled()) {
      throw Refused.conflict("drills_disabled");
    }
    List<Member> living = cluster.membership().members().stream().filter(Member::alive).toList();
    Member target =
        living.stream()
            .filter(member -> member.node().equals(node))
            .findFirst()
            .orElseThrow(() -> Refused.missing("node_not_found"));
    requireReadyNodes(living, node, fault);
    long players = living.stream().mapToLong(Member::players).sum();
    if (target.players() * PERCENT > players * settings.playersPercentMax()) {
      throw Refused.conflict("too_many_players");
    }
    var admin = AuditedChange.currentAdmin();
    long drill =
        database.write(
            tx ->
                drills
                    .insert(tx, node, target.run(), fault, admin)
                    .orElseThrow(() -> Refused.conflict("drill_running")));
    var _ = calls.ask(DUE, new JsonObject(), Set.of(node), NodeCalls.WITHIN);
    return find(drill);
  }

  private void requireReadyNodes(List<Member> living, String node, Drill.Fault fault) {
    var names = new HashSet<String>();
    living.forEach(member -> names.add(member.node()));
    var answers = calls.ask(STATE, new JsonObject(), names, NodeCalls.LONG_WITHIN).await();
    long ready =
        answers.byNode().values().stream().filter(answer -> answer.getBoolean("ready")).count();
    JsonObject target = answers.byNode().get(node);
    if (ready < NODES_MIN || target == null || !target.getBoolean("ready")) {
      throw Refused.conflict("too_few_nodes");
    }
    if (!target.getBoolean("enabled")) {
      throw Refused.conflict("drills_disabled");
    }
    boolean available =
        switch (fault) {
          case STOP -> true;
          case PAUSE -> target.getBoolean("pause");
          // Nodes of an earlier release could not read the drill.
          case CUT ->
              answers.byNode().values().stream().allMatch(one -> one.getBoolean("cut", false));
        };
    if (!available) {
      throw Refused.conflict("fault_not_available");
    }
  }
}
