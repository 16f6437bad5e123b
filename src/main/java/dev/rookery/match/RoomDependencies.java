package dev.rookery.match;

import dev.rookery.base.Ids;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.lease.Leases;
import dev.rookery.store.Database;
import dev.rookery.store.Reader;
import dev.rookery.store.Transaction;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * What rooms need of the node that owns them.
 *
 * @param run the present run of the node
 */
record RoomDependencies(
    Database database,
    RoomStores stores,
    ActionWriter actions,
    Games games,
    InitialProfiles profiles,
    Leases leases,
    LongSupplier run,
    InstantSource clock,
    Ids ids,
    MatchSettings settings,
    RoomMeters meters) {
  static final int SEED_BYTES = 16;

  /** The id of a room that is opened now. Rooms are used most soon after that. */
  String newRoomId() {
    return "room_" + ids.uuidAt(clock.millis());
  }

  /** A new room. Its seed is secret, so that nobody can foresee the randomness of its match. */
  RoomRow newRoom(String room, LobbyRules lobby) {
    return RoomRow.opened(room, lobby, newSeed());
  }

  /** {@code Limited("too_many_rooms")} if the host has too many rooms already. */
  void insertWithinLimit(Transaction tx, RoomRow room) {
    stores.users().lockHost(tx, room.hostUser());
    requireWithinLimit(tx, room.hostUser());
    stores.rooms().insert(tx, room);
  }

  /** {@code Limited("too_many_rooms")} if the user may not host another room. */
  void requireWithinLimit(Reader reader, String host) {
    if (stores.users().countHosted(reader, host) >= settings.hostedMax()) {
      throw new Refused(new Refusal.Limited("too_many_rooms", Duration.ofMinutes(1)));
    }
  }

  String newSeed() {
    return ids.token(SEED_BYTES);
  }
}
