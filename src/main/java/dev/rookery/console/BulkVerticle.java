package dev.rookery.console;

import dev.rookery.base.FatalErrors;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.console.BulkStore.Stored;
import dev.rookery.lease.ClusterScheduler;
import dev.rookery.lease.ClusterSingleton;
import dev.rookery.lease.Lease;
import dev.rookery.lease.Sweep;
import dev.rookery.lease.SweptTable;
import dev.rookery.store.Database;
import io.micrometer.core.instrument.Gauge;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves jobs of admins. One node of the cluster runs all of them, each on a thread of its own;
 * when that node dies, another one goes on where it was.
 */
public final class BulkVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(BulkVerticle.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
  private static final Duration SWEEP_EVERY = Duration.ofHours(1);
  private static final Duration KEPT_FOR = Duration.ofDays(30);
  private static final Duration STARTED_WITHIN = Duration.ofHours(24);
  private static final int RUNNING_MAX = 8;
  private static final int LISTED_MAX = 1_000;
  private static final int ADDED_MAX = 500;

  private final Bus bus;
  private final Database database;
  private final ClusterScheduler scheduler;
  private final InstantSource clock;
  private final BulkStore jobs = new BulkStore();
  private final BulkActions actions;
  private final BulkRunner runner;
  private final Map<Long, Thread> running = new ConcurrentHashMap<>();
  private volatile @Nullable ClusterSingleton singleton;
  private volatile boolean stopping;

  public BulkVerticle(
      Bus bus,
      Database database,
      ClusterScheduler scheduler,
      BulkActions actions,
      InstantSource clock) {
    this.bus = bus;
    this.database = database;
    this.scheduler = scheduler;
    this.clock = clock;
    this.actions = actions;
    this.runner = new BulkRunner(bus, database, jobs, new Grants(clock), actions);
    Gauge.builder("rookery.console.bulk.running", running, Map::size)
        .description("Jobs of admins that this node carries out")
        .register(database.registry());
  }

  @Override
  public Future<?> start() {
    singleton =
        scheduler.schedulePaced(
            "bulk jobs",
            LOOK_EVERY,
            lease -> {
              runDue(lease);
              return LOOK_EVERY;
            });
    scheduler.scheduleSweep(
        Sweep.every(
            SWEEP_EVERY,
            "ended bulk jobs",
            SweptTable.aged("bulk_job", "when the job ended long ago", "changed_ms", KEPT_FOR),
            SweptTable.ruled("bulk_job_row", "with its job")),
        _ -> sweep());
    return bus.<BulkCommand<?>>serve(BulkCommand.ADDRESS, this::handle);
  }

  @Override
  public Future<?> stop() {
    stopping = true;
    return Future.succeededFuture();
  }

  private Object handle(BulkCommand<?> command) {
    return switch (command) {
      case BulkCommand.Select select -> select(select);
      case BulkCommand.AddRows(var job, var rows) -> addRows(job, rows);
      case BulkCommand.FinishSelection(var job) -> finishSelection(job);
      case BulkCommand.StopSelection(var job, var problem) ->
          end(job, BulkJob.State.STOPPED, problem);
      case BulkCommand.Start start -> start(start);
      case BulkCommand.Cancel(var job, var admin) -> {
        find(job, admin);
        end(job, BulkJob.State.CANCELLED, "");
        yield find(job, admin);
      }
      case BulkCommand.Find(var job, var admin) -> find(job, admin);
      case BulkCommand.ListJobs(var admin, var before, var max) ->
          jobs.list(database, admin, before, Math.min(max, LISTED_MAX));
      case BulkCommand.ListRows list ->
          jobs.rows(
              database,
              new BulkCommand.ListRows(
                  list.job(), list.state(), list.after(), Math.min(list.max(), LISTED_MAX)));
    };
  }

  private BulkJob select(BulkCommand.Select select) {
    long job =
        database
            .write(tx -> jobs.insert(tx, select))
            .orElseThrow(() -> Refused.conflict("job_running"));
    return find(job, select.admin());
  }

  private Done addRows(long job, List<Long> rows) {
    for (int from = 0; from < rows.size(); from += ADDED_MAX) {
      List<Long> part = rows.subList(from, Math.min(rows.size(), from + ADDED_MAX));
      database.write(
          tx -> {
            long total =
                jobs.grow(tx, job, part.size())
                    .orElseThrow(() -> Refused.conflict("job_not_selecting"));
            if (total > BulkJob.ROWS_MAX) {
              throw Refused.conflict("job_too_large");
            }
            jobs.addRows(tx, job, total - part.size(), part);
            return Done.DONE;
          });
    }
    return Done.DONE;
  }

  private Done finishSelection(long job) {
    if (!database.write(tx -> jobs.finishSelection(tx, job))) {
      throw Refused.conflict("job_not_selecting");
    }
    return Done.DONE;
  }

  private BulkJob start(BulkCommand.Start start) {
    PlayerId admin = Objects.requireNonNull(start.actor().player());
    find(start.job(), admin);
    database.write(
        tx -> {
          if (!jobs.start(tx, start, admin)) {
            throw Refused.conflict("job_not_ready");
          }
          return Done.DONE;
        });
    ClusterSingleton here = singleton;
    if (here != null) {
      here.runSoon();
    }
    return find(start.job(), admin);
  }

  private Done end(long job, BulkJob.State state, String problem) {
    return database.write(
        tx -> {
          jobs.finish(tx, job, state, problem);
          return Done.DONE;
        });
  }

  private BulkJob find(long job, @Nullable PlayerId admin) {
    return jobs.find(database, job)
        .filter(found -> admin == null || found.admin().equals(admin))
        .orElseThrow(() -> Refused.missing("job_not_found"));
  }

  /**
   * Begins the jobs whose time has come and that no thread of this node carries out. Those of
   * actions that another release knows wait for a node of it, and hold up no others.
   */
  private void runDue(Lease lease) {
    for (Stored stored : jobs.due(database, actions.names(), clock.millis(), RUNNING_MAX)) {
      long job = stored.job().id();
      if (!stopping && !running.containsKey(job)) {
        Thread thread =
            Thread.ofVirtual().name("bulk job " + job).unstarted(() -> run(stored, lease));
        running.put(job, thread);
        thread.start();
      }
    }
  }

  private void run(Stored stored, Lease lease) {
    long job = stored.job().id();
    try {
      runner.run(stored, lease, () -> !stopping);
    } catch (RuntimeException | Error failure) {
      FatalErrors.endIfFatal(failure);
      // The job is still there as rows, and is begun again where it was, here or on another node.
      LOG.warn("job {} of an admin was interrupted", job, failure);
      LockSupport.parkNanos(RETRY_AFTER.toNanos());
    } finally {
      running.remove(job);
    }
  }

  private long sweep() {
    long now = clock.millis();
    database.write(
        tx -> {
          jobs.stopStale(tx, now - STARTED_WITHIN.toMillis());
          return Done.DONE;
        });
    long removed = 0;
    int some = 0;
    while (!stopping && some >= 0) {
      some = database.write(tx -> jobs.sweep(tx, now - KEPT_FOR.toMillis()));
      removed += Math.max(0, some);
    }
    return removed;
  }
}
