package dev.rookery.testkit;

import dev.rookery.cluster.HeartbeatSettings;
import dev.rookery.cluster.LocalNode;
import dev.rookery.cluster.Membership;
import dev.rookery.lease.ClusterScheduler;
import dev.rookery.lease.Leases;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.function.LongSupplier;

/** A cluster member on a test's store; it sends heartbeats when the test says so. */
public final class TestClusterMember implements AutoCloseable {
  private final Membership membership;
  private final Leases leases;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final ClusterScheduler scheduler;

  private TestClusterMember(TestStore store, String name, LongSupplier nanos) {
    var localNode =
        new LocalNode(name, "test", false, null, () -> 0, () -> 0, store.store()::publishedUpTo);
    this.membership =
        Membership.join(
            store.store().heartbeatDatabase(),
            localNode,
            HeartbeatSettings.DEFAULT,
            store.clock().instant(),
            nanos);
    this.leases = new Leases(store.database(), membership);
    this.scheduler = new ClusterScheduler(leases, meters);
  }

  /** Joins in real time; it is never declared dead as long as no other member sends heartbeats. */
  public static TestClusterMember join(TestStore store, String name) {
    return join(store, name, System::nanoTime);
  }

  /**
   * @param nanos the clock by which it judges the silence of others
   */
  public static TestClusterMember join(TestStore store, String name, LongSupplier nanos) {
    var member = new TestClusterMember(store, name, nanos);
    store.beforeClose(member::close);
    return member;
  }

  public void heartbeat() {
    membership.heartbeat();
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

  public ClusterScheduler scheduler() {
    return scheduler;
  }

  public SimpleMeterRegistry meters() {
    return meters;
  }

  /** Stops it: to the others it becomes silent. Called at the latest when its store is closed. */
  @Override
  public void close() {
    scheduler.close();
  }
}
