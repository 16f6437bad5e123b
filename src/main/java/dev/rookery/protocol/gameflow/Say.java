package dev.rookery.protocol.gameflow;

import dev.rookery.edge.Packet;
import dev.rookery.lobby.Lobby;
import dev.rookery.lobby.LobbyUuid;
import dev.rookery.lobby.Match;
import dev.rookery.player.Player;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What the server says on the socket, ready to be sent. */
final class Say {
  static final Packet PONG = of("pong", new JsonObject());
  static final Packet LOBBY_LEFT = of("lobby:left", new JsonObject());

  private Say() {}

  static Packet error(String message) {
    return of("error", JsonObject.of("message", message));
  }

  static Packet connected(Player player) {
    return of(
        "connected", JsonObject.of("accountId", player.uuid(), "username", player.displayName()));
  }

  static Packet lobbyCreated(Lobby lobby) {
    return of("lobby:created", JsonObject.of("lobby", Views.lobby(lobby)));
  }

  static Packet lobbyUpdated(Lobby lobby) {
    return of("lobby:updated", JsonObject.of("lobby", Views.lobby(lobby)));
  }

  static Packet lobbyDeleted(Lobby lobby) {
    return of("lobby:deleted", JsonObject.of("lobbyId", LobbyUuid.of(lobby.id())));
  }

  static Packet matchStarted(Match match, @Nullable String lobby) {
    return of("match:started", JsonObject.of("matchData", Views.match(match, lobby)));
  }

  static Packet of(String type, JsonObject rest) {
    var message = JsonObject.of("type", type);
    message.mergeIn(rest);
    return Packet.text(message.encode().getBytes(StandardCharsets.UTF_8));
  }
}
