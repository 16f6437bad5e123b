package dev.rookery.match;

import dev.rookery.lease.ClusterScheduler;
import dev.rookery.store.Database;
import io.micrometer.core.instrument.Gauge;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Shows how many rooms there are in each phase, on the node that counts them for the cluster. A
 * count reads indexes of the phases and no rooms.
 */
final class RoomGauges {
  private static final List<String> PHASES = List.of("lobby", "active", "finished", "closed");

  private RoomGauges() {}

  static void schedule(ClusterScheduler scheduler, Database database, RoomStore rooms) {
    Supplier<Map<String, Long>> counts =
        scheduler.scheduleReading("rooms by phase", Map.of(), () -> rooms.countByPhase(database));
    for (String phase : PHASES) {
      Gauge.builder("rookery.matches.rooms", () -> counts.get().getOrDefault(phase, 0L))
          .description("Rooms of the cluster by phase, at the node that counts them")
          .tag("phase", phase)
          .register(database.registry());
    }
  }
}
