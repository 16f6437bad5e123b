package dev.rookery.lease;

import dev.rookery.bus.Bus;
import dev.rookery.cluster.Member;
import dev.rookery.cluster.Membership;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.List;

/** Answers {@link ClusterQuery} on virtual threads and registers the metrics of the cluster. */
public final class ClusterVerticle extends VerticleBase {
  private final Bus bus;
  private final Membership membership;
  private final Leases leases;

  public ClusterVerticle(Bus bus, Membership membership, Leases leases, MeterRegistry meters) {
    this.bus = bus;
    this.membership = membership;
    this.leases = leases;
    Gauge.builder("rookery.cluster.nodes", membership, Membership::aliveCount)
        .description("Nodes that are alive, as this one sees it")
        .register(meters);
    Gauge.builder("rookery.cluster.ended", membership, cluster -> cluster.endedRuns().size())
        .description("Runs of nodes that have ended and are not deleted yet")
        .register(meters);
    Gauge.builder(
            "rookery.cluster.certain", membership, cluster -> cluster.isConfirmedAlive() ? 1 : 0)
        .description(
            "Whether this node's last heartbeat is recent enough that no other can have declared it"
                + " dead")
        .register(meters);
    Gauge.builder("rookery.leases.owned", leases, Leases::heldCount)
        .description("Leases that this node holds")
        .register(meters);
  }

  @Override
  public Future<?> start() {
    return bus.<ClusterQuery<?>>serve(ClusterQuery.ADDRESS, this::answer);
  }

  private Object answer(ClusterQuery<?> query) {
    return switch (query) {
      case ClusterQuery.ListNodes _ -> nodes();
      case ClusterQuery.ListLeases(var kind, var after, var max) ->
          leases.list(kind, after, Math.clamp(max, 1, ClusterQuery.ListLeases.LEASES_MAX));
      case ClusterQuery.FindLease(var name) -> leases.find(name);
    };
  }

  private List<NodeStatus> nodes() {
    long thisRun = membership.run();
    return membership.members().stream()
        .filter(Member::alive)
        .map(
            member ->
                new NodeStatus(member, leases.countOwnedBy(member.run()), member.run() == thisRun))
        .toList();
  }
}
