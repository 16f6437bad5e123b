package dev.rookery.lease;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Schedules periodic jobs that one node runs for the whole cluster. The node that acquires a job
 * runs it at once, and again whenever its interval has passed since the last run ended. When that
 * node leaves or dies, another one takes over.
 *
 * <p>Two nodes may run a job at the same time for a moment. So a job is either harmless when
 * repeated, or fences its transactions with the lease that it is given. A job that fails is run
 * again after its interval.
 */
public final class ClusterScheduler implements AutoCloseable {
  private static final String KIND = "duty";
  private static final Duration READ_EVERY = Duration.ofSeconds(15);

  private final Leases leases;
  private final MeterRegistry meters;
  private final Sweeps sweeps;
  private final Map<String, ClusterSingleton> singletons = new ConcurrentHashMap<>();

  /** A periodic job. It runs on a virtual thread and may block. */
  @FunctionalInterface
  public interface Job {
    void run(Lease lease);
  }

  /** As {@link Job}, but decides after each run when the next one is due. */
  @FunctionalInterface
  public interface PacedJob {
    Duration run(Lease lease);
  }

  public ClusterScheduler(Leases leases, MeterRegistry meters) {
    this.leases = leases;
    this.meters = meters;
    this.sweeps = leases.sweeps(meters);
    leases.registerHandler(KIND, new JobFailover(), Thread::startVirtualThread);
  }

  /**
   * Runs a job periodically until {@link #close}.
   *
   * @param name unique among the jobs of the cluster
   * @param interval time between the end of a run and the next start
   */
  public void schedule(String name, Duration interval, Job job) {
    PacedJob paced =
        lease -> {
          job.run(lease);
          return interval;
        };
    add(name, interval, paced);
  }

  /**
   * Runs a sweep as {@link #schedule} runs a job, and stores what it removed.
   *
   * @param sweep with an interval
   */
  public void scheduleSweep(Sweep sweep, Sweep.Job job) {
    Duration interval = Objects.requireNonNull(sweep.interval(), sweep.name());
    sweeps.register(sweep);
    schedule(sweep.name(), interval, lease -> sweeps.run(sweep, job, lease));
  }

  /** What removes old rows, and what it did. */
  public Sweeps sweeps() {
    return sweeps;
  }

  /**
   * Runs a job until {@link #close}, each time after the delay that the run before it has returned,
   * and sooner when {@link ClusterSingleton#runSoon} is called on the node that holds it.
   *
   * @param name unique among the jobs of the cluster
   * @param retryInterval time after which a run that failed is repeated
   */
  public ClusterSingleton schedulePaced(String name, Duration retryInterval, PacedJob job) {
    return add(name, retryInterval, job);
  }

  /**
   * Reads a value for the metrics of the whole cluster every 15 seconds, on one node.
   *
   * @param none what the other nodes show, so that the sum over all nodes is right
   * @param read runs on a virtual thread and may block
   * @return the value as it was last read here, or {@code none}; does not block
   */
  public <T> Supplier<T> scheduleReading(String name, T none, Supplier<T> read) {
    var latest = new AtomicReference<T>(none);
    ClusterSingleton job =
        add(
            name,
            READ_EVERY,
            _ -> {
              latest.set(read.get());
              return READ_EVERY;
            });
    return () -> job.isOwned() ? latest.get() : none;
  }

  private ClusterSingleton add(String name, Duration retryInterval, PacedJob job) {
    var singleton = new ClusterSingleton(leases, KIND + "/" + name, retryInterval, job, meters);
    if (singletons.putIfAbsent(singleton.name(), singleton) != null) {
      throw new IllegalStateException("a job " + name + " is already scheduled");
    }
    Gauge.builder("rookery.duties.held", singleton, scheduled -> scheduled.isOwned() ? 1 : 0)
        .description("Whether this node runs the periodic job of that name for the cluster")
        .tags(Tags.of(Tag.of("duty", name)))
        .register(meters);
    singleton.start();
    return singleton;
  }

  /**
   * Ends a job on this node, and waits until it does not run. Other nodes that have it too go on.
   */
  public void remove(ClusterSingleton singleton) {
    singleton.end();
    singletons.remove(singleton.name(), singleton);
    meters
        .find("rookery.duties.held")
        .tag("duty", singleton.duty())
        .meters()
        .forEach(meters::remove);
  }

  /** The jobs that this node holds. */
  public List<ClusterJob> held() {
    return singletons.values().stream()
        .filter(ClusterSingleton::isHeld)
        .map(ClusterSingleton::describe)
        .toList();
  }

  /** Runs a job as soon as it does not run; false if this node does not hold it. */
  public boolean runSoon(String name) {
    ClusterSingleton singleton = singletons.get(KIND + "/" + name);
    if (singleton == null || !singleton.isHeld()) {
      return false;
    }
    sweeps.expectAsked(name);
    singleton.runSoon();
    return true;
  }

  /** Whether no other node can have acquired the lease with which this node runs a job. */
  public boolean isValid(Lease lease) {
    return leases.isValid(lease);
  }

  /** Stops all jobs, waits for those that are running, and releases them to other nodes. */
  @Override
  public void close() {
    List<ClusterSingleton> all = List.copyOf(singletons.values());
    all.forEach(ClusterSingleton::stop);
    all.forEach(ClusterSingleton::awaitEnd);
  }

  private final class JobFailover implements FailoverHandler {
    @Override
    public void onOrphaned(String name) {
      ClusterSingleton singleton = singletons.get(name);
      if (singleton != null) {
        singleton.onFree();
      }
    }

    @Override
    public boolean isMovable() {
      return true;
    }

    @Override
    public boolean canServe(String name) {
      return singletons.containsKey(name);
    }

    @Override
    public HandoverResult handOver(String name, long toRun) {
      ClusterSingleton singleton = singletons.get(name);
      return singleton == null ? HandoverResult.NOT_OWNER : singleton.handOver(toRun);
    }

    @Override
    public void onLost(Lease lease) {
      ClusterSingleton singleton = singletons.get(lease.name());
      if (singleton != null) {
        singleton.onLost(lease);
      }
    }
  }
}
