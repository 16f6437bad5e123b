package dev.rookery.protocol.openturn;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.SessionId;
import dev.rookery.bus.Bus;
import dev.rookery.match.MatchCommand;
import dev.rookery.match.Phase;
import dev.rookery.match.RoomInfo;
import dev.rookery.player.PlayerCommand;
import dev.rookery.session.Session;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** What a player needs to open a socket in a room: the lobby and game snapshots of the contract. */
final class RoomInvitations {
  private final Bus bus;
  private final TokenIssuer issuer;
  private final OpenturnSettings settings;

  RoomInvitations(Bus bus, TokenIssuer issuer, OpenturnSettings settings) {
    this.bus = bus;
    this.issuer = issuer;
    this.settings = settings;
  }

  /** The room; fails with {@code Missing("unknown_room")}. */
  Future<RoomInfo> find(RoutingContext context) {
    String id = context.pathParam("id");
    return !RequestTokens.isId(id)
        ? Future.failedFuture(Refused.missing("unknown_room"))
        : bus.ask(new MatchCommand.Find(id))
            .compose(
                found ->
                    found
                        .map(Future::succeededFuture)
                        .orElseGet(() -> Future.failedFuture(Refused.missing("unknown_room"))));
  }

  /** The player's seat in a match that was started. */
  static Future<String> seat(RoomInfo room, Session session) {
    return room.playerOf(MatchCommand.user(session.player()))
        .map(Future::succeededFuture)
        .orElseGet(
            () -> Future.failedFuture(new Refused(new Refusal.Denied("player_not_assigned"))));
  }

  /** A token for the lobby, or for the seat once the match was started. */
  Future<JsonObject> invite(RoutingContext context, Session session, RoomInfo room) {
    Future<@Nullable String> seat =
        room.phase() == Phase.ACTIVE
            ? seat(room, session).map(player -> player)
            : Future.succeededFuture();
    return seat.compose(
        player ->
            bus.ask(new PlayerCommand.Find(session.player()))
                .map(
                    found ->
                        snapshot(
                            context,
                            room,
                            MatchCommand.user(session.player()),
                            session.id(),
                            found.displayName(),
                            player)));
  }

  private JsonObject snapshot(
      RoutingContext context,
      RoomInfo room,
      String user,
      SessionId session,
      @Nullable String userName,
      @Nullable String player) {
    TokenIssuer.Issued issued =
        player == null
            ? issuer.forLobby(room, user, session)
            : issuer.forGame(room, user, player, session);
    String url = Responses.socketUrl(settings, context.request());
    var snapshot =
        JsonObject.of("roomID", room.room(), "userID", user, "userName", userName)
            .put("scope", player == null ? "lobby" : "game")
            .put("token", issued.token())
            .put("tokenExpiresAt", issued.expiresAt())
            .put("websocketURL", url + "/rooms/" + room.room() + "/connect")
            .put("targetCapacity", room.targetCapacity())
            .put("minPlayers", room.minPlayers())
            .put("maxPlayers", room.maxPlayers())
            .put("isHost", room.hostUser().equals(user))
            .put("hostUserID", room.hostUser());
    return player == null ? snapshot : snapshot.put("playerID", player);
  }
}
