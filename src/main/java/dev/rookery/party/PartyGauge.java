package dev.rookery.party;

import dev.rookery.lease.ClusterScheduler;
import dev.rookery.lease.ClusterSingleton;
import dev.rookery.store.Database;
import io.micrometer.core.instrument.Gauge;
import java.time.Duration;

/**
 * Shows how many parties are open, on the node that counts them for the cluster; other nodes show
 * 0, so that the sum over all nodes is right. A count reads one index of the open parties; there is
 * at most one for each player, and each ends when its leader leaves.
 */
final class PartyGauge {
  private static final Duration COUNT_EVERY = Duration.ofSeconds(15);

  private volatile long open;

  void schedule(ClusterScheduler scheduler, Database database) {
    ClusterSingleton job =
        scheduler.schedulePaced(
            "party total",
            COUNT_EVERY,
            _ -> {
              open = PartyStore.countOpen(database);
              return COUNT_EVERY;
            });
    Gauge.builder("rookery.parties.open", () -> job.isHeld() ? open : 0)
        .description("Open parties, on the node that counts them")
        .register(database.registry());
  }
}
