package dev.rookery.match;

import dev.rookery.base.Ids;
import dev.rookery.lease.Leases;
import dev.rookery.match.MatchStore.RoomRow;
import dev.rookery.store.Database;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * What rooms need of the node that owns them.
 *
 * @param run the present run of the node
 */
record RoomDependencies(
    Database database,
    MatchStore store,
    ActionWriter actions,
    Games games,
    Leases leases,
    LongSupplier run,
    InstantSource clock,
    Ids ids,
    RoomMeters meters) {
  private static final int SEED_BYTES = 16;

  /** A new room. Its seed is secret, so that nobody can foresee the randomness of its match. */
  RoomRow newRoom(String room, LobbyRules lobby) {
    return new RoomRow(
        room,
        lobby.game().gameKey(),
        lobby.game().deploymentVersion(),
        lobby.hostUser(),
        lobby.phase(),
        lobby.targetCapacity(),
        ids.token(SEED_BYTES),
        null,
        0,
        0,
        null);
  }
}
