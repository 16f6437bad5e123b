package dev.rookery.protocol.gameflow;

import dev.rookery.allocation.MatchRoom;
import dev.rookery.session.Session;
import io.vertx.core.json.JsonObject;

/** What a player needs to take their seat in the room of a match, over the wire of rooms. */
@FunctionalInterface
public interface RoomAccess {
  /**
   * The room as the player is told of it.
   *
   * @param session of the player, with which the access ends
   */
  JsonObject of(MatchRoom room, Session session);
}
