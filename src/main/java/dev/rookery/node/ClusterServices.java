package dev.rookery.node;

import dev.rookery.cluster.Heartbeat;
import dev.rookery.cluster.HeartbeatSettings;
import dev.rookery.cluster.LocalNode;
import dev.rookery.cluster.Membership;
import dev.rookery.cluster.MembershipListener;
import dev.rookery.cluster.NodeCalls;
import dev.rookery.config.NodeConfig;
import dev.rookery.lease.ClusterScheduler;
import dev.rookery.lease.Leases;
import dev.rookery.lease.OrphanedOutboxSweep;
import dev.rookery.lease.Sweep;
import dev.rookery.lease.SweptTable;
import dev.rookery.store.Store;
import dev.rookery.store.StoreConfig;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** The membership of this node in the cluster, its leases, and its singleton work. */
final class ClusterServices implements AutoCloseable {
  private static final Duration TIDY_EVERY = Duration.ofSeconds(5);
  private static final Duration CLEAR_EVERY = Duration.ofSeconds(1);
  private static final Duration STATISTICS_EVERY = Duration.ofSeconds(3);

  private final Membership membership;
  private final Leases leases;
  private final ClusterScheduler scheduler;
  private final NodeCalls calls;
  private final Heartbeat heartbeat;
  private final AtomicBoolean left = new AtomicBoolean();

  private ClusterServices(
      Membership membership,
      NodeCalls calls,
      Store store,
      Duration historyFor,
      Duration answersFor,
      MeterRegistry meters) {
    this.membership = membership;
    this.calls = calls;
    this.leases = new Leases(store.database(), membership);
    this.scheduler = new ClusterScheduler(leases, meters);
    var outboxSweep = new OrphanedOutboxSweep(store, membership, leases, historyFor.dividedBy(2));
    scheduler.scheduleSweep(
        Sweep.every(
            CLEAR_EVERY,
            "ended nodes",
            SweptTable.ruled("node", "when its run has ended, half of store.historyFor later")
                .setBy("store.historyFor")),
        _ -> outboxSweep.sweep());
    scheduler.scheduleSweep(historySweep(historyFor, answersFor), _ -> store.prune());
    scheduler.schedule("table statistics", STATISTICS_EVERY, _ -> store.refreshStatistics());
    this.heartbeat = Heartbeat.start(membership);
  }

  /**
   * Joins the cluster.
   *
   * @param lost called when the others declared this run dead, after the next run began
   * @param fenced called after that if an admin did it
   */
  static ClusterServices begin(
      Store store, LocalNode self, NodeServices services, Runnable lost, Runnable fenced) {
    NodeConfig config = services.config();
    var cluster = config.cluster();
    var membership =
        Membership.join(
            store.heartbeatDatabase(),
            self,
            new HeartbeatSettings(cluster.beat(), cluster.silenceMax()),
            services.clock().instant(),
            System::nanoTime);
    store.setRun(membership.run());
    membership.addListener(
        new MembershipListener() {
          @Override
          public void onRunLost(long before, long now) {
            store.setRun(now);
            lost.run();
          }

          @Override
          public void onFenced() {
            fenced.run();
          }
        });
    var calls =
        new NodeCalls(services.vertx(), services.bus(), membership::members, membership.node());
    return new ClusterServices(
        membership,
        calls,
        store,
        config.store().historyFor(),
        config.store().answersFor(),
        services.meters());
  }

  private static Sweep historySweep(Duration historyFor, Duration answersFor) {
    Duration silentFor = StoreConfig.STREAM_RETENTION;
    return Sweep.every(
        TIDY_EVERY,
        "history",
        SweptTable.aged(
                "outbox", "when it is old and no consumer waits for it", "at_ms", historyFor)
            .orderedBy("id")
            .setBy("store.historyFor"),
        SweptTable.aged("idempotency", "when the answer is old", "at_ms", answersFor)
            .setBy("store.answersFor"),
        SweptTable.aged("stream", "when nothing was appended for two days", "at_ms", silentFor)
            .orderedBy(null));
  }

  /** The threads without which other nodes take this one for dead. */
  List<Thread> vitalThreads() {
    return List.of(heartbeat.thread());
  }

  Membership membership() {
    return membership;
  }

  /** Asks the other nodes for what only they know; answered once operations are deployed. */
  NodeCalls calls() {
    return calls;
  }

  Leases leases() {
    return leases;
  }

  ClusterScheduler scheduler() {
    return scheduler;
  }

  /** Leaves in order: owned state is stored, and others may take it over at once. */
  @Override
  public void close() {
    if (left.compareAndSet(false, true)) {
      leases.shutDown();
      scheduler.close();
      heartbeat.close();
    }
  }
}
