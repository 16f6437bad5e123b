package dev.rookery.match;

import dev.rookery.lease.ClusterScheduler;
import dev.rookery.match.RoomStore.RunningGame;
import dev.rookery.store.Database;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Shows how many rooms there are in each phase, on the node that counts them for the cluster. A
 * count reads indexes of the phases and no rooms.
 */
final class RoomGauges {
  private static final List<String> PHASES = List.of("lobby", "active", "finished", "closed");

  /** How many versions of games are shown, so that deployments do not add series forever. */
  private static final int RUNNING_MAX = 100;

  private RoomGauges() {}

  static void schedule(ClusterScheduler scheduler, Database database, RoomStore rooms) {
    scheduleByPhase(scheduler, database, rooms);
    var running = new RunningMatches(database, rooms);
    running.counts = scheduler.scheduleReading("running matches by game", Map.of(), running::read);
  }

  /** The running matches by the version of their game; its series change with the versions. */
  private static final class RunningMatches {
    private final Database database;
    private final RoomStore rooms;
    private final MultiGauge gauge;
    private volatile Supplier<Map<RunningGame, Long>> counts = Map::of;

    RunningMatches(Database database, RoomStore rooms) {
      this.database = database;
      this.rooms = rooms;
      this.gauge =
          MultiGauge.builder("rookery.matches.running")
              .description("Matches without a result by version of their game")
              .register(database.registry());
    }

    Map<RunningGame, Long> read() {
      Map<RunningGame, Long> now = rooms.countRunning(database, RUNNING_MAX);
      List<MultiGauge.Row<?>> rows = new ArrayList<>();
      for (RunningGame game : now.keySet()) {
        rows.add(
            MultiGauge.Row.of(
                Tags.of("game", game.gameKey(), "version", game.version()),
                game,
                shown -> counts.get().getOrDefault(shown, 0L)));
      }
      gauge.register(rows, true);
      return now;
    }
  }

  private static void scheduleByPhase(
      ClusterScheduler scheduler, Database database, RoomStore rooms) {
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
