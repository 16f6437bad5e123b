package dev.rookery.loadrun;

import dev.rookery.account.AccountCommand;
import dev.rookery.base.FieldErrors;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.cluster.NodeCalls;
import dev.rookery.lease.ClusterScheduler;
import dev.rookery.lease.ClusterSingleton;
import dev.rookery.loadrun.LoadCommand.RunDetails;
import dev.rookery.loadrun.LoadCommand.RunPage;
import dev.rookery.loadrun.LoadRun.State;
import dev.rookery.store.Database;
import io.micrometer.core.instrument.Gauge;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@link LoadCommand}. A run is a row that its node updates each second: another node
 * cancels it there, and ends it when its node has not done so for half a minute.
 */
public final class LoadVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(LoadVerticle.class);
  private static final String READY = "load_ready";
  private static final String START = "load_start";
  private static final Duration STALE_AFTER = Duration.ofSeconds(30);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(10);
  private static final Duration NEXT = Duration.ofMillis(1);
  private static final Duration RAMP_MAX = Duration.ofMinutes(5);
  private static final int P99_MAX_MS = 60_000;
  private static final int REMOVED_AT_A_TIME = 20;
  private static final String NOT_FOUND = "not_found";
  private static final String RUNNING = "load_test_is_running";

  /**
   * What a run needs of its node.
   *
   * @param node the name of this node
   * @param command starts the load test, without its arguments
   * @param address of this node for a process on the same machine; called after it listens
   * @param source the loopback address from which the players of a run connect
   */
  public record Environment(
      String node,
      LoadSettings settings,
      List<String> command,
      Supplier<String> address,
      String source,
      LiftedLimits limits,
      ServerFigures figures) {}

  private final Bus bus;
  private final Database database;
  private final InstantSource clock;
  private final ClusterScheduler scheduler;
  private final NodeCalls calls;
  private final Environment environment;
  private final LoadStore store = new LoadStore();
  private @Nullable ClusterSingleton job;
  private volatile @Nullable GeneratorProcess process;
  private volatile boolean stopping;

  public LoadVerticle(
      Bus bus,
      Database database,
      InstantSource clock,
      ClusterScheduler scheduler,
      NodeCalls calls,
      Environment environment) {
    this.bus = bus;
    this.database = database;
    this.clock = clock;
    this.scheduler = scheduler;
    this.calls = calls;
    this.environment = environment;
    Gauge.builder("rookery.load.running", () -> process == null ? 0 : 1)
        .description("Load tests that this node runs for admins")
        .register(database.registry());
  }

  @Override
  public Future<?> start() {
    calls.answer(READY, _ -> JsonObject.of("enabled", environment.settings().enabled()));
    calls.answer(START, asked -> accept(asked.getLong("run")));
    job = scheduler.schedulePaced("load tests", LOOK_EVERY, _ -> work());
    return bus.<LoadCommand<?>>serve(LoadCommand.ADDRESS, this::handle);
  }

  @Override
  public Future<?> stop() {
    stopping = true;
    GeneratorProcess running = process;
    if (running != null) {
      running.close();
    }
    return Future.succeededFuture();
  }

  private Object handle(LoadCommand<?> command) {
    return switch (command) {
      case LoadCommand.Start start -> start(start);
      case LoadCommand.Cancel(var run) -> cancel(run);
      case LoadCommand.RemovePlayers(var run) -> remove(run);
      case LoadCommand.Find(var run) -> new RunDetails(find(run), store.seconds(database, run));
      case LoadCommand.ListRuns() ->
          new RunPage(store.list(database), nodes(), environment.settings());
    };
  }

  private LoadRun find(long run) {
    return store.find(database, run).orElseThrow(() -> Refused.missing(NOT_FOUND));
  }

  private List<String> nodes() {
    return calls.askAll(READY, new JsonObject()).await().byNode().entrySet().stream()
        .filter(answer -> answer.getValue().getBoolean("enabled"))
        .map(Map.Entry::getKey)
        .toList();
  }

  private LoadRun start(LoadCommand.Start start) {
    LoadPlan plan = start.plan();
    if (!environment.settings().enabled()) {
      throw Refused.denied("load_tests_disabled");
    }
    check(plan);
    Set<String> node = Set.of(plan.node());
    if (!nodes().contains(plan.node())) {
      throw Refused.missing("node_not_found");
    }
    long id =
        database.write(
            tx ->
                store.insert(tx, plan, start.admin()).orElseThrow(() -> Refused.conflict(RUNNING)));
    // If its answer is lost it has begun all the same; if it is not asked, the run ends as stale.
    calls.ask(START, JsonObject.of("run", id), node, NodeCalls.WITHIN).await();
    return find(id);
  }

  private void check(LoadPlan plan) {
    var settings = environment.settings();
    LoadScenario scenario = plan.scenario();
    var errors = new FieldErrors();
    int most = Math.min(scenario.playersMax(), settings.playersMax());
    errors.number("players", plan.players(), scenario.playersMin(), most);
    errors.number("ramp", (int) plan.ramp().toSeconds(), 0, (int) RAMP_MAX.toSeconds());
    errors.number("time", (int) plan.time().toSeconds(), 1, (int) settings.timeMax().toSeconds());
    errors.number("p99", plan.p99MaxMs(), 1, P99_MAX_MS);
    errors.refuse();
  }

  private LoadRun cancel(long run) {
    find(run);
    database.write(
        tx -> {
          // One that has not begun has no process that would end it.
          if (store.setState(tx, run, State.ASKED, State.RUNNING)) {
            store.end(tx, run, "cancelled");
          }
          return store.setState(tx, run, State.RUNNING, State.STOPPING);
        });
    return find(run);
  }

  private LoadRun remove(long run) {
    if (find(run).isOpen()) {
      throw Refused.conflict(RUNNING);
    }
    database.write(tx -> store.setState(tx, run, State.ENDED, State.REMOVING));
    wake();
    return find(run);
  }

  private void wake() {
    ClusterSingleton removal = job;
    if (removal != null) {
      removal.runSoon();
    }
  }

  private JsonObject accept(long run) {
    boolean accepted = environment.settings().enabled() && !stopping && process == null;
    if (accepted) {
      Thread.ofVirtual().name("load test " + run).start(() -> run(run));
    }
    return JsonObject.of("accepted", accepted);
  }

  private void run(long id) {
    String outcome = "generator_failed";
    try {
      if (!database.write(tx -> store.claim(tx, id))) {
        return;
      }
      outcome = run(find(id));
    } catch (IOException | RuntimeException failure) {
      LOG.warn("the load test {} failed", id, failure);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    String reason = outcome;
    try {
      database.write(
          tx -> {
            store.end(tx, id, reason);
            return true;
          });
    } catch (Refused unavailable) {
      LOG.warn("the end of the load test {} was not stored: it ends as stale", id, unavailable);
    }
    database.registry().counter("rookery.load.runs", "outcome", reason).increment();
    wake();
  }

  private String run(LoadRun run) throws IOException, InterruptedException {
    var follower = new LoadFollower(database, store, environment.figures(), run);
    environment.limits().lift(environment.source());
    try (var started = GeneratorProcess.start(command(run.plan()))) {
      process = started;
      String outcome = follower.follow(started, () -> stopping);
      started.end();
      follower.finish(started);
      return outcome;
    } finally {
      process = null;
      environment.limits().restore();
    }
  }

  private List<String> command(LoadPlan plan) {
    var command = new ArrayList<>(environment.command());
    command.addAll(plan.arguments(environment.address().get()));
    command.add("--from=" + environment.source());
    command.add("--report");
    return command;
  }

  /** Ends runs whose nodes are gone, and deletes players; returns when to look again. */
  private Duration work() {
    long before = clock.millis() - STALE_AFTER.toMillis();
    for (long run : store.stale(database, before)) {
      database.write(
          tx -> {
            store.end(tx, run, "node_ended");
            return true;
          });
    }
    Long run = store.removing(database).orElse(null);
    if (run == null) {
      return LOOK_EVERY;
    }
    List<PlayerId> players = store.players(database, run, REMOVED_AT_A_TIME);
    for (PlayerId player : players) {
      bus.ask(new AccountCommand.Delete(player)).await();
      database.write(
          tx -> {
            store.forgetPlayer(tx, run, player);
            return true;
          });
    }
    if (players.isEmpty()) {
      database.write(tx -> store.setState(tx, run, State.REMOVING, State.ENDED));
    }
    return NEXT;
  }
}
