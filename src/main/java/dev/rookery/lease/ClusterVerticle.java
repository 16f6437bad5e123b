package dev.rookery.lease;

import dev.rookery.bus.Bus;
import dev.rookery.cluster.Member;
import dev.rookery.cluster.Membership;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.List;

/** Answers what an operator asks about the nodes, on virtual threads. */
public final class ClusterVerticle extends VerticleBase {
  private final Bus bus;
  private final Membership membership;
  private final Leases leases;

  public ClusterVerticle(Bus bus, Membership membership, Leases leases, MeterRegistry meters) {
    this.bus = bus;
    this.membership = membership;
    this.leases = leases;
    Gauge.builder("rookery.cluster.nodes", membership, Membership::living)
        .description("Nodes that live, as this one sees it")
        .register(meters);
    Gauge.builder("rookery.cluster.ended", membership, all -> all.ended().size())
        .description("Runs of nodes that have ended and are not forgotten yet")
        .register(meters);
    Gauge.builder("rookery.cluster.certain", membership, sure -> sure.certain() ? 1 : 0)
        .description("Whether this node has beaten lately, so that no other can have buried it")
        .register(meters);
    Gauge.builder("rookery.leases.owned", leases, Leases::held)
        .description("Things and duties that this node owns")
        .register(meters);
  }

  @Override
  public Future<?> start() {
    return bus.<ClusterQuery<?>>serve(ClusterQuery.ADDRESS, this::answer);
  }

  private Object answer(ClusterQuery<?> query) {
    return switch (query) {
      case ClusterQuery.ListNodes _ -> nodes();
    };
  }

  private List<NodeStatus> nodes() {
    long here = membership.run();
    return membership.members().stream()
        .filter(Member::alive)
        .map(member -> new NodeStatus(member, leases.countOf(member.run()), member.run() == here))
        .toList();
  }
}
