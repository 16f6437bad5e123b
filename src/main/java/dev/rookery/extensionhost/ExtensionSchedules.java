package dev.rookery.extensionhost;

import dev.rookery.base.FatalErrors;
import dev.rookery.base.Refused;
import dev.rookery.bus.CommandScope;
import dev.rookery.cron.CronSchedule;
import dev.rookery.extension.ScheduledRun;
import dev.rookery.extensionhost.ScheduleStore.Claim;
import dev.rookery.extensionhost.ScheduleStore.Interrupted;
import dev.rookery.extensionhost.ScheduleStore.Stored;
import dev.rookery.extensionhost.ScheduleTable.Job;
import dev.rookery.store.Database;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the jobs of the extensions of this node at their times, each once in the cluster: the node
 * whose claim of a time is stored first runs it. There is no owner whose death would delay a job.
 *
 * <p>The claim names the run of the node. When that has ended before the job has, another node
 * claims the same time again. Looks once a second, and touches the database only when a job is due,
 * and every five seconds for runs that were interrupted; not at all without jobs.
 */
public final class ExtensionSchedules implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ExtensionSchedules.class);
  private static final long LOOK_MS = 1_000;
  private static final long INTERRUPTED_MS = 5_000;

  private final Vertx vertx;
  private final ExtensionHost host;
  private final ScheduleStore store;
  private final InstantSource clock;
  private final LongSupplier run;
  private final MeterRegistry meters;
  private final ReentrantLock looking = new ReentrantLock();
  private final Map<String, Known> known = new HashMap<>();
  private final ConcurrentLinkedQueue<Ended> ended = new ConcurrentLinkedQueue<>();
  private long interruptedAfterMs;
  private long timer;

  /** The jobs of an extension as they are stored, with the times of each. */
  private record Known(Map<String, Job> jobs, Map<String, Times> times) {}

  /**
   * The times of a job.
   *
   * @param claimed the last one that a node has claimed
   * @param next the first one after it
   */
  private record Times(long claimed, long next) {
    static Times of(Job job, long claimed) {
      long next = job.times().next(claimed).orElse(Long.MAX_VALUE);
      return new Times(claimed, next);
    }
  }

  /** A run whose end is not stored yet. */
  private record Ended(Claim claim, long atMs, @Nullable String error) {}

  /**
   * @param run the current run of this node
   */
  ExtensionSchedules(
      Vertx vertx,
      ExtensionHost host,
      Database database,
      InstantSource clock,
      LongSupplier run,
      MeterRegistry meters) {
    this.vertx = vertx;
    this.host = host;
    this.store = new ScheduleStore(database);
    this.clock = clock;
    this.run = run;
    this.meters = meters;
  }

  void start() {
    timer = vertx.setPeriodic(LOOK_MS, _ -> lookLater());
  }

  private void lookLater() {
    if (!host.schedules().isEmpty() || !ended.isEmpty()) {
      inBackground(this::look);
    }
  }

  private void inBackground(Runnable work) {
    Thread.ofVirtual().name("schedules of extensions").start(() -> runIfNotLooking(work));
  }

  private void runIfNotLooking(Runnable work) {
    // Who finds another one looking leaves it to the next second.
    if (looking.tryLock()) {
      try {
        work.run();
      } catch (Refused unavailable) {
        LOG.debug("schedules of extensions wait: {}", unavailable.getMessage());
      } catch (RuntimeException | Error failure) {
        FatalErrors.endIfFatal(failure);
        LOG.error("schedules of extensions failed", failure);
      } finally {
        looking.unlock();
      }
    }
  }

  /** Starts what is due. Blocks while the claims are stored, and not for the jobs. */
  void look() {
    looking.lock();
    try {
      storeEnded();
      Map<String, Map<String, Job>> current = host.schedules();
      forgetOthers(current.keySet());
      long now = clock.millis();
      boolean checkInterrupted = now >= interruptedAfterMs;
      for (var entry : current.entrySet()) {
        String extension = entry.getKey();
        Known stored = stored(extension, entry.getValue());
        stored.jobs.values().forEach(job -> runIfDue(extension, job, stored.times, now));
        if (checkInterrupted) {
          repeatInterrupted(extension, stored.jobs);
        }
      }
      interruptedAfterMs = checkInterrupted ? now + INTERRUPTED_MS : interruptedAfterMs;
    } finally {
      looking.unlock();
    }
  }

  private Known stored(String extension, Map<String, Job> jobs) {
    Known before = known.get(extension);
    // The map is another one after each change and in each version.
    if (before != null && before.jobs == jobs) {
      return before;
    }
    var times = new HashMap<String, Times>();
    store
        .put(extension, jobs.values())
        .forEach(
            (name, claimed) -> {
              Job job = jobs.get(name);
              if (job != null) {
                times.put(name, Times.of(job, claimed));
              }
            });
    var now = new Known(jobs, times);
    known.put(extension, now);
    return now;
  }

  /** Deletes the jobs of extensions that have none any more. */
  private void forgetOthers(Set<String> current) {
    for (String extension : List.copyOf(known.keySet())) {
      if (!current.contains(extension)) {
        store.put(extension, List.of());
        known.remove(extension);
      }
    }
  }

  private void runIfDue(String extension, Job job, Map<String, Times> all, long now) {
    Times times = all.get(job.name());
    if (times == null || times.next > now) {
      return;
    }
    long due = job.times().last(times.claimed, now).orElse(times.next);
    var claim = new Claim(extension, job.name(), due, run.getAsLong());
    if (store.claim(claim, job.schedule())) {
      all.put(job.name(), Times.of(job, due));
      start(claim, job);
    } else {
      // Another node has claimed it, or the run before has not ended.
      store
          .findClaimed(extension, job.name())
          .ifPresent(claimed -> all.put(job.name(), Times.of(job, claimed)));
    }
  }

  /** The jobs of an extension as they are stored, by name. Blocks. */
  List<ExtensionCommand.Job> list(String extension) {
    return store.list(extension).stream().map(ExtensionSchedules::view).toList();
  }

  /** The jobs of all extensions. */
  List<ExtensionCommand.Schedule> listAll() {
    return store.listAll(ExtensionCommand.SCHEDULES_MAX).stream()
        .map(found -> new ExtensionCommand.Schedule(found.extension(), view(found.job())))
        .toList();
  }

  private static ExtensionCommand.Job view(Stored stored) {
    return new ExtensionCommand.Job(
        stored.name(),
        stored.schedule(),
        CronSchedule.parse(stored.schedule())
            .flatMap(times -> times.next(stored.periodMs()))
            .orElse(null),
        stored.running(),
        stored.startedMs(),
        stored.endedMs(),
        stored.error());
  }

  /**
   * Runs a job on this node at once. The run counts for the times of its schedule up to now. Blocks
   * until it is claimed.
   *
   * @throws Refused {@code not_found}, or {@code job_running}
   */
  void runNow(String extension, String name) {
    looking.lock();
    try {
      Map<String, Job> jobs = host.schedules().get(extension);
      Job job = jobs == null ? null : jobs.get(name);
      if (jobs == null || job == null) {
        throw Refused.missing("not_found");
      }
      Map<String, Times> times = CommandScope.callOutside(() -> stored(extension, jobs)).times;
      long claimed = store.findClaimed(extension, name).orElse(0L);
      var claim =
          new Claim(extension, name, Math.max(clock.millis(), claimed + 1), run.getAsLong());
      store.requireClaim(claim, job.schedule());
      times.put(name, Times.of(job, claim.periodMs()));
      start(claim, job);
    } finally {
      looking.unlock();
    }
  }

  private void repeatInterrupted(String extension, Map<String, Job> jobs) {
    List<Interrupted> found = jobs.isEmpty() ? List.of() : store.findInterrupted(extension);
    Set<String> repeated = new HashSet<>();
    for (Interrupted each : found) {
      Job job = jobs.get(each.job());
      if (job != null && job.schedule().equals(each.schedule()) && repeated.add(each.job())) {
        var claim = new Claim(extension, each.job(), each.periodMs(), run.getAsLong());
        if (store.claimInterrupted(claim, each.run())) {
          LOG.info("job {} of extension {} is repeated", each.job(), extension);
          start(claim, job);
        }
      } else if (job != null) {
        // The schedule has changed since: the time is none of it.
        store.end(new Claim(extension, each.job(), each.periodMs(), each.run()), 0, "interrupted");
      }
    }
  }

  private void start(Claim claim, Job job) {
    var due = Instant.ofEpochMilli(claim.periodMs());
    var details =
        new ScheduledRun(clock.instant(), job.name(), job.schedule(), due, due.toString());
    host.run(claim.extension(), details)
        .onComplete(
            outcome -> {
              String error = error(outcome.result());
              Counter.builder("rookery.extensions.jobs")
                  .description("Runs of scheduled jobs of extensions, by outcome")
                  .tag("outcome", error == null ? "done" : "failed")
                  .register(meters)
                  .increment();
              ended.add(new Ended(claim, clock.millis(), error));
              inBackground(this::storeEnded);
            });
  }

  private static @Nullable String error(CallOutcome outcome) {
    return switch (outcome) {
      case CallOutcome.Returned _ -> null;
      case CallOutcome.Rejected(var reason) -> reason;
      case CallOutcome.Failed(var failure) -> failure.name().toLowerCase(Locale.ROOT);
    };
  }

  private void storeEnded() {
    for (Ended each = ended.peek(); each != null; each = ended.peek()) {
      store.end(each.claim, each.atMs, each.error);
      ended.remove(each);
    }
  }

  @Override
  public void close() {
    vertx.cancelTimer(timer);
    // Jobs that ended by now are not repeated by another node.
    looking.lock();
    try {
      storeEnded();
    } catch (Refused unavailable) {
      LOG.debug("the ends of jobs are not stored: {}", unavailable.getMessage());
    } finally {
      looking.unlock();
    }
  }
}
