package dev.rookery.group;

import dev.rookery.lease.ClusterScheduler;
import dev.rookery.store.Database;
import io.micrometer.core.instrument.Gauge;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Shows how many groups there are of each type, on the node that reads it for the cluster. A read
 * is of a few rows, however many groups there are.
 */
final class GroupGauges {
  private GroupGauges() {}

  static void schedule(ClusterScheduler scheduler, Database database) {
    Supplier<Map<GroupType, Long>> totals =
        scheduler.scheduleReading("group totals", Map.of(), () -> GroupTotalStore.byType(database));
    for (GroupType type : GroupType.values()) {
      Gauge.builder("rookery.groups.open", () -> totals.get().getOrDefault(type, 0L))
          .description("Groups, by type, on the node that counts them")
          .tag("type", type.name().toLowerCase(Locale.ROOT))
          .register(database.registry());
    }
  }
}
