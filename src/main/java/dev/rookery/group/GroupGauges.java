package dev.rookery.group;

import dev.rookery.lease.ClusterScheduler;
import dev.rookery.lease.ClusterSingleton;
import dev.rookery.store.Database;
import io.micrometer.core.instrument.Gauge;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * Shows how many groups there are of each type, on the node that reads it for the cluster; other
 * nodes show 0, so that the sum over all nodes is right. A read is of a few rows, however many
 * groups there are.
 */
final class GroupGauges {
  private static final Duration READ_EVERY = Duration.ofSeconds(15);

  private volatile Map<GroupType, Long> totals = Map.of();

  void schedule(ClusterScheduler scheduler, Database database) {
    ClusterSingleton job =
        scheduler.schedulePaced(
            "group totals",
            READ_EVERY,
            _ -> {
              totals = GroupTotalStore.byType(database);
              return READ_EVERY;
            });
    for (GroupType type : GroupType.values()) {
      Gauge.builder("rookery.groups.open", () -> job.isHeld() ? totals.getOrDefault(type, 0L) : 0)
          .description("Groups, by type, on the node that counts them")
          .tag("type", type.name().toLowerCase(Locale.ROOT))
          .register(database.registry());
    }
  }
}
