package dev.rookery.match;

import dev.rookery.game.StoredGames.StoredGame;
import dev.rookery.lease.ClusterScheduler;
import dev.rookery.lease.Sweep;
import dev.rookery.lease.SweptTable;
import dev.rookery.store.Database;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what nobody uses any more, on one node of the cluster: rooms without sockets, sockets of
 * nodes that have ended, and versions of games without rooms.
 */
final class RoomMaintenance {
  private static final Logger LOG = LoggerFactory.getLogger(RoomMaintenance.class);
  private static final Duration DELETE_EVERY = Duration.ofMinutes(1);
  private static final Duration DEAD_SOCKETS_EVERY = Duration.ofSeconds(5);

  /** Clients of a node that was killed have this time to connect to another one. */
  private static final Duration RECONNECT_WITHIN = Duration.ofSeconds(20);

  private static final int BATCH = 1_000;

  private final Database database;
  private final RoomStores stores;
  private final Games games;
  private final GameStore deployedGames;
  private final InstantSource clock;
  private final Duration idleFor;
  private final Consumer<MatchCommand.RemoveDeadSockets> owners;
  private final Map<String, Long> deadSince = new HashMap<>();

  /**
   * @param idleFor how long a room without sockets is kept
   * @param owners carries out a command at the owner of its room; blocks
   */
  RoomMaintenance(
      Database database,
      RoomStores stores,
      Games games,
      InstantSource clock,
      Duration idleFor,
      Consumer<MatchCommand.RemoveDeadSockets> owners) {
    this.database = database;
    this.stores = stores;
    this.games = games;
    this.deployedGames = new GameStore(database);
    this.clock = clock;
    this.idleFor = idleFor;
    this.owners = owners;
  }

  void schedule(ClusterScheduler scheduler) {
    scheduler.scheduleSweep(
        Sweep.every(
            DELETE_EVERY,
            "unused matches",
            SweptTable.aged("match_room", "when nobody uses it any more", "touched_ms", idleFor)
                .setBy("matches.idleFor")),
        _ -> deleteUnused());
    scheduler.schedule("unused versions of games", DELETE_EVERY, _ -> forgetUnusedVersions());
    scheduler.schedule("dead match sockets", DEAD_SOCKETS_EVERY, _ -> removeDeadSockets());
  }

  /** Jars are kept for the rooms that play their games. */
  private void forgetUnusedVersions() {
    for (StoredGame game : games.stored().replaced()) {
      if (!deployedGames.isInUse(game.gameKey(), game.version())) {
        games.stored().forget(game);
      }
    }
  }

  private long deleteUnused() {
    long before = clock.instant().minus(idleFor).toEpochMilli();
    long removed = 0;
    for (String room : stores.rooms().unused(database, before, BATCH)) {
      if (database.write(tx -> stores.rooms().deleteUnused(tx, room, before))) {
        removed++;
      }
    }
    return removed;
  }

  private void removeDeadSockets() {
    List<String> dead = stores.sockets().roomsWithDeadSockets(database, BATCH);
    deadSince.keySet().retainAll(dead);
    long now = System.nanoTime();
    for (String room : dead) {
      long since = deadSince.computeIfAbsent(room, _ -> now);
      if (now - since >= RECONNECT_WITHIN.toNanos()) {
        removeDeadSockets(room);
      }
    }
  }

  /** A room in which this fails must not keep the others from being looked at. */
  private void removeDeadSockets(String room) {
    try {
      owners.accept(new MatchCommand.RemoveDeadSockets(room));
    } catch (RuntimeException failed) {
      LOG.warn("the sockets of ended nodes could not be removed from a room", failed);
    }
  }
}
