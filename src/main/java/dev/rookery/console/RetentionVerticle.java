package dev.rookery.console;

import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.cluster.NodeCalls;
import dev.rookery.console.JobQuery.JobPage;
import dev.rookery.console.JobQuery.OwnedJob;
import dev.rookery.console.RetentionCommand.SweepFacts;
import dev.rookery.console.RetentionCommand.SweepPage;
import dev.rookery.console.RetentionCommand.TableFacts;
import dev.rookery.console.RetentionStore.Ages;
import dev.rookery.lease.ClusterScheduler;
import dev.rookery.lease.Sweep;
import dev.rookery.lease.SweepRun;
import dev.rookery.lease.Sweeps;
import dev.rookery.lease.SweptTable;
import dev.rookery.lease.SweptTable.RowAge;
import dev.rookery.store.Database;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers {@link RetentionCommand}. */
public final class RetentionVerticle extends VerticleBase {
  private static final String RUN = "run_sweep";
  private static final int ASKED_MAX = 50;

  private final Bus bus;
  private final Database database;
  private final Database lane;
  private final InstantSource clock;
  private final ClusterScheduler scheduler;
  private final Sweeps sweeps;
  private final NodeCalls calls;
  private final Map<String, ConfigEntry> settings = new HashMap<>();
  private final RetentionStore tables = new RetentionStore();

  /**
   * @param database where runs that admins ask for are stored
   * @param lane reads tables without holding up the game
   */
  public RetentionVerticle(
      Bus bus,
      Database database,
      Database lane,
      InstantSource clock,
      ClusterScheduler scheduler,
      NodeCalls calls,
      List<ConfigEntry> configuration) {
    this.bus = bus;
    this.database = database;
    this.lane = lane;
    this.clock = clock;
    this.scheduler = scheduler;
    this.sweeps = scheduler.sweeps();
    this.calls = calls;
    configuration.forEach(entry -> settings.put(entry.key(), entry));
  }

  @Override
  public Future<?> start() {
    calls.answer(RUN, asked -> JsonObject.of("taken", scheduler.runSoon(asked.getString("name"))));
    return bus.<RetentionCommand<?>>serve(RetentionCommand.ADDRESS, this::handle);
  }

  private Object handle(RetentionCommand<?> command) {
    return switch (command) {
      case RetentionCommand.ListSweeps() -> list();
      case RetentionCommand.ListAsked() -> sweeps.askedRuns(lane, ASKED_MAX);
      case RetentionCommand.RunSweep run -> run(run);
    };
  }

  private SweepRun run(RetentionCommand.RunSweep run) {
    if (sweeps.find(run.sweep()).filter(sweep -> sweep.interval() != null).isEmpty()) {
      throw Refused.missing("not_found");
    }
    long id = database.write(tx -> sweeps.ask(tx, run.sweep(), run.admin()));
    // Whether or not a node takes it: the next run of the sweep finds the row.
    calls.askAll(RUN, JsonObject.of("name", run.sweep())).await();
    return new SweepRun(id, run.sweep(), run.admin().value(), clock.millis(), 0, 0, 0, "", "");
  }

  private SweepPage list() {
    List<Sweep> all = sweeps.list();
    JobPage jobs = bus.ask(new JobQuery.ListJobs()).await();
    var owned = new HashMap<String, OwnedJob>();
    jobs.jobs().forEach(held -> owned.put(held.job().name(), held));
    var last = new HashMap<String, SweepRun>();
    sweeps.lastRuns(lane).forEach(run -> last.put(run.sweep(), run));
    Map<SweptTable, TableFacts> facts = facts(all);
    var found = new ArrayList<SweepFacts>();
    for (Sweep sweep : all) {
      OwnedJob held = owned.get(sweep.name());
      found.add(
          new SweepFacts(
              sweep,
              held == null ? "" : held.node(),
              held == null ? null : held.job(),
              last.get(sweep.name()),
              sweep.tables().stream().map(facts::get).toList()));
    }
    return new SweepPage(found, sweeps.askedRuns(lane, ASKED_MAX), jobs.silent());
  }

  private Map<SweptTable, TableFacts> facts(List<Sweep> all) {
    List<SweptTable> swept = all.stream().flatMap(sweep -> sweep.tables().stream()).toList();
    List<String> names = swept.stream().map(SweptTable::table).distinct().toList();
    Map<String, Long> counts = tables.count(lane, names);
    List<String> large = names.stream().filter(name -> isLarge(counts, name)).toList();
    Map<String, Long> estimates = tables.estimate(lane, large);
    Map<String, Ages> ages =
        tables.ages(
            lane, swept.stream().filter(one -> canLook(one, counts)).toList(), clock.millis());
    var facts = new HashMap<SweptTable, TableFacts>();
    for (SweptTable one : swept) {
      facts.put(one, facts(one, counts, estimates, ages.get(one.table())));
    }
    return facts;
  }

  private static boolean isLarge(Map<String, Long> counts, String table) {
    return counts.getOrDefault(table, 0L) > RetentionStore.COUNTED_MAX;
  }

  /** Without an index all rows are sorted, which only a small table allows. */
  private static boolean canLook(SweptTable swept, Map<String, Long> counts) {
    RowAge age = swept.age();
    return age != null && (age.order() != null || !isLarge(counts, swept.table()));
  }

  private TableFacts facts(
      SweptTable swept,
      Map<String, Long> counts,
      Map<String, Long> estimates,
      @Nullable Ages ages) {
    boolean large = isLarge(counts, swept.table());
    Long rows = counts.get(swept.table());
    if (large) {
      long estimate = estimates.getOrDefault(swept.table(), 0L);
      rows = estimate > RetentionStore.COUNTED_MAX ? estimate : null;
    }
    String key = swept.setting();
    ConfigEntry entry = key == null ? null : settings.get(key);
    RowAge age = swept.age();
    Long oldest = ages == null || age == null ? null : ages.oldest();
    return new TableFacts(
        swept,
        entry == null ? null : entry.value() == null ? entry.standard() : entry.value(),
        entry == null ? "" : source(entry),
        rows,
        !large,
        oldest == null || age == null ? null : oldest * age.unit().toMillis(),
        ages == null ? null : ages.due());
  }

  private static String source(ConfigEntry entry) {
    String kind = entry.source().name().toLowerCase(Locale.ROOT);
    return entry.sourceName().isEmpty() ? kind : kind + " " + entry.sourceName();
  }
}
