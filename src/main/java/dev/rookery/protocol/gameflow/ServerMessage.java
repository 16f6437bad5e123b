package dev.rookery.protocol.gameflow;

import dev.rookery.allocation.Match;
import dev.rookery.edge.EncodedFrame;
import dev.rookery.lobby.Lobby;
import dev.rookery.matchmaking.Explanation;
import dev.rookery.player.Player;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the messages of the server (GameFlow contract, "WebSocket") as frames ready to be sent.
 */
final class ServerMessage {
  static final EncodedFrame PONG = of("pong", new JsonObject());
  static final EncodedFrame SEARCH_CANCELLED = of("matchmaking:cancelled", new JsonObject());
  static final EncodedFrame LOBBY_LEFT = of("lobby:left", new JsonObject());

  private ServerMessage() {}

  static EncodedFrame error(String message) {
    return of("error", JsonObject.of("message", message));
  }

  static EncodedFrame connected(Player player) {
    return of(
        "connected", JsonObject.of("accountId", player.uuid(), "username", player.displayName()));
  }

  static EncodedFrame lobbyCreated(Lobby lobby) {
    return of("lobby:created", JsonObject.of("lobby", Views.lobby(lobby)));
  }

  static EncodedFrame lobbyUpdated(Lobby lobby) {
    return of("lobby:updated", JsonObject.of("lobby", Views.lobby(lobby)));
  }

  static EncodedFrame lobbyDeleted(Lobby lobby) {
    return of("lobby:deleted", JsonObject.of("lobbyId", LobbyUuid.of(lobby.id())));
  }

  /**
   * A match that a lobby has started.
   *
   * @param room where a player takes part in it; null if it is not played in a room
   */
  static EncodedFrame matchStarted(Match match, @Nullable String lobby, @Nullable JsonObject room) {
    return matchStarted(Views.match(match, lobby), room);
  }

  /** A match found by matchmaking: the contract has it without teams and without a lobby. */
  static EncodedFrame matchFound(Match match, @Nullable JsonObject room) {
    var data = Views.match(match, null).put("teamA", new JsonArray()).put("teamB", new JsonArray());
    return matchStarted(data, room);
  }

  private static EncodedFrame matchStarted(JsonObject data, @Nullable JsonObject room) {
    if (room != null) {
      data.put("room", room);
    }
    return of("match:started", JsonObject.of("matchData", data));
  }

  static EncodedFrame searching(String ticket) {
    return of("matchmaking:searching", JsonObject.of("ticketId", ticket));
  }

  static EncodedFrame searchFailed(String message) {
    return of("matchmaking:error", JsonObject.of("message", message));
  }

  static EncodedFrame explanation(Explanation explanation) {
    var misses = new JsonArray();
    for (Explanation.Mismatch mismatch : explanation.mismatches()) {
      misses.add(
          new JsonObject()
              .put("criterion", mismatch.criterion())
              .put("players", mismatch.players())
              .put("nearest", mismatch.smallestExcess())
              .put("inMs", mismatch.compatibleInMs()));
    }
    return of(
        "matchmaking:why",
        new JsonObject()
            .put("ticketId", explanation.ticket())
            .put("waitedMs", explanation.waitedMs())
            .put("band", explanation.skillWindow())
            .put("found", explanation.found())
            .put("needed", explanation.needed())
            .put("misses", misses));
  }

  static EncodedFrame of(String type, JsonObject fields) {
    var message = JsonObject.of("type", type);
    message.mergeIn(fields);
    return EncodedFrame.text(message.encode().getBytes(StandardCharsets.UTF_8));
  }
}
