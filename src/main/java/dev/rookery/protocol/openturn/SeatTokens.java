package dev.rookery.protocol.openturn;

import dev.rookery.allocation.MatchRoom;
import dev.rookery.match.MatchCommand;
import dev.rookery.session.Session;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;

/** Issues tokens for the seats of rooms that were opened for a match, to players of any wire. */
public final class SeatTokens {
  private final TokenIssuer issuer;
  private final OpenturnSettings settings;

  public SeatTokens(InstantSource clock, OpenturnSettings settings) {
    this.issuer = new TokenIssuer(new RoomTokens(settings.tokenSecret()), clock, settings);
    this.settings = settings;
  }

  /** The room, with a token for the player's seat if they have one. */
  public JsonObject issue(MatchRoom room, Session session) {
    var access = JsonObject.of("roomID", room.room(), "gameKey", room.gameKey());
    room.playerOf(session.player())
        .ifPresent(
            player -> {
              TokenIssuer.Issued issued =
                  issuer.forGame(
                      room.gameVersion(),
                      room.room(),
                      MatchCommand.user(session.player()),
                      player,
                      session.id());
              access
                  .put("playerID", player)
                  .put("token", issued.token())
                  .put("tokenExpiresAt", issued.expiresAt())
                  .put(
                      "websocketURL",
                      Responses.socketUrl(settings) + "/rooms/" + room.room() + "/connect");
            });
    return access;
  }
}
