package dev.rookery.console;

import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.cluster.Member;
import dev.rookery.cluster.Membership;
import dev.rookery.lease.Leases;
import dev.rookery.store.Database;
import io.micrometer.core.instrument.Counter;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves {@link FenceNode}, on virtual threads. */
public final class FenceVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(FenceVerticle.class);

  private final Bus bus;
  private final Database database;
  private final Membership membership;
  private final Counter fenced;

  public FenceVerticle(Bus bus, Database database, Membership membership) {
    this.bus = bus;
    this.database = database;
    this.membership = membership;
    this.fenced =
        Counter.builder("rookery.cluster.fenced")
            .description("Runs of nodes that admins have ended through this node")
            .register(database.registry());
  }

  @Override
  public Future<?> start() {
    return bus.<FenceNode>serve(FenceNode.ADDRESS, this::fence);
  }

  private Done fence(FenceNode command) {
    Member target =
        membership.members().stream()
            .filter(member -> member.alive() && member.node().equals(command.node()))
            .findFirst()
            .orElseThrow(() -> Refused.missing("node_not_found"));
    if (target.run() != command.run()) {
      throw Refused.conflict("run_changed");
    }
    List<NodeReport> reports = bus.ask(new OperationsQuery.ListNodes()).await();
    if (!NodeReport.hasOtherReady(reports, command.node())) {
      throw Refused.conflict("last_node");
    }
    database.write(
        tx -> {
          if (!Membership.fence(tx, command.run())) {
            throw Refused.conflict("run_changed");
          }
          return Leases.releaseAll(tx, command.run());
        });
    fenced.increment();
    LOG.warn("an admin has fenced node {}, run {}", command.node(), command.run());
    // So that this node takes over now what it would see with the next heartbeat.
    membership.heartbeat();
    return Done.DONE;
  }
}
