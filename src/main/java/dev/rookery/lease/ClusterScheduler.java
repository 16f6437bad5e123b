package dev.rookery.lease;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Periodic work that one node of the cluster does for all: it is done at once by the node that
 * takes it, and then again whenever its interval has passed since it ended. When that node leaves
 * or dies another one takes it.
 *
 * <p>A duty should be harmless when two nodes do it for a moment, or fence its transactions with
 * the lease that it is given. What fails is tried again the next time.
 */
public final class ClusterScheduler implements AutoCloseable {
  private static final String KIND = "duty";

  private final Leases leases;
  private final MeterRegistry meters;
  private final Map<String, ClusterSingleton> duties = new ConcurrentHashMap<>();

  /** What is to be done; on a virtual thread, which may park. */
  @FunctionalInterface
  public interface Job {
    void run(Lease lease);
  }

  public ClusterScheduler(Leases leases, MeterRegistry meters) {
    this.leases = leases;
    this.meters = meters;
    leases.serve(KIND, new JobFailover(), Thread::startVirtualThread);
  }

  /** From now on, until {@link #close}. */
  public void every(String name, Duration interval, Job work) {
    var duty = new ClusterSingleton(leases, KIND + "/" + name, interval, work, meters);
    if (duties.putIfAbsent(duty.name(), duty) != null) {
      throw new IllegalStateException("there is a duty " + name + " already");
    }
    Gauge.builder("rookery.duties.held", duty, held -> held.isHeld() ? 1 : 0)
        .description("Whether this node does the periodic work of that name for the cluster")
        .tags(Tags.of(Tag.of("duty", name)))
        .register(meters);
    duty.start();
  }

  /** Ends those that are under way, and leaves all of them to other nodes. */
  @Override
  public void close() {
    List<ClusterSingleton> all = List.copyOf(duties.values());
    all.forEach(ClusterSingleton::stop);
    all.forEach(ClusterSingleton::awaitEnd);
  }

  private final class JobFailover implements FailoverHandler {
    @Override
    public void orphaned(String name) {
      ClusterSingleton duty = duties.get(name);
      if (duty != null) {
        duty.free();
      }
    }

    @Override
    public void lost(Lease lease) {
      ClusterSingleton duty = duties.get(lease.name());
      if (duty != null) {
        duty.lost(lease);
      }
    }
  }
}
