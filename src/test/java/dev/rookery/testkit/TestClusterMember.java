package dev.rookery.testkit;

import dev.rookery.cluster.HeartbeatSettings;
import dev.rookery.cluster.LocalNode;
import dev.rookery.cluster.Membership;
import dev.rookery.lease.ClusterScheduler;
import dev.rookery.lease.Leases;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.function.LongSupplier;

/** One run of a node over a store. It beats when the test says so. */
public final class TestClusterMember implements AutoCloseable {
  private final Membership membership;
  private final Leases leases;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final ClusterScheduler duties;

  private TestClusterMember(TestStore store, String name, LongSupplier nanos) {
    var self = new LocalNode(name, "test", false, () -> 0, () -> 0, store.store()::postedUpto);
    this.membership =
        Membership.join(
            store.store().pulse(), self, HeartbeatSettings.DEFAULT, store.clock().instant(), nanos);
    this.leases = new Leases(store.database(), membership);
    this.duties = new ClusterScheduler(leases, meters);
  }

  /** In real time, though nobody buries it as long as no other member beats. */
  public static TestClusterMember join(TestStore store, String name) {
    return join(store, name, System::nanoTime);
  }

  /**
   * @param nanos the time by which it judges the silence of others
   */
  public static TestClusterMember join(TestStore store, String name, LongSupplier nanos) {
    var member = new TestClusterMember(store, name, nanos);
    store.first(member::close);
    return member;
  }

  public void beat() {
    membership.round();
  }

  public long run() {
    return membership.run();
  }

  public Membership membership() {
    return membership;
  }

  public Leases leases() {
    return leases;
  }

  public ClusterScheduler duties() {
    return duties;
  }

  public SimpleMeterRegistry meters() {
    return meters;
  }

  /** Does nothing any more; to the others it is silent. At the latest with its store. */
  @Override
  public void close() {
    duties.close();
  }
}
