package dev.rookery.protocol.gameflow;

import dev.rookery.allocation.Match;
import dev.rookery.allocation.MatchRoom;
import dev.rookery.edge.EncodedFrame;
import dev.rookery.session.Session;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * Tells one player that a match has started. If it is played in a room of this server they are told
 * of their own seat, so that the message is another one for each player.
 */
record MatchAnnouncement(Session session, RoomAccess rooms) {
  /** A match that a lobby has started; null for the lobby if the player is not shown any. */
  EncodedFrame started(Match match, @Nullable String lobby) {
    return ServerMessage.matchStarted(match, lobby, room(match));
  }

  /** A match that was found by matchmaking. */
  EncodedFrame found(Match match) {
    return ServerMessage.matchFound(match, room(match));
  }

  private @Nullable JsonObject room(Match match) {
    MatchRoom room = match.room();
    return room == null ? null : rooms.of(room, session);
  }
}
