package dev.rookery.party;

import dev.rookery.lease.ClusterScheduler;
import dev.rookery.store.Database;
import io.micrometer.core.instrument.Gauge;
import java.util.function.Supplier;

/**
 * Shows how many parties are open, on the node that counts them for the cluster. A count reads one
 * index of the open parties; there is at most one for each player, and each ends when its leader
 * leaves.
 */
final class PartyGauge {
  private PartyGauge() {}

  static void schedule(ClusterScheduler scheduler, Database database) {
    Supplier<Long> open =
        scheduler.scheduleReading("party total", 0L, () -> PartyStore.countOpen(database));
    Gauge.builder("rookery.parties.open", open::get)
        .description("Open parties, on the node that counts them")
        .register(database.registry());
  }
}
