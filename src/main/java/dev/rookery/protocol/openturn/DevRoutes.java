package dev.rookery.protocol.openturn;

import dev.rookery.base.JsonText;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.SessionId;
import dev.rookery.bus.Bus;
import dev.rookery.edge.Protocol;
import dev.rookery.edge.RequestBodyHandler;
import dev.rookery.edge.RequestInfo;
import dev.rookery.match.MatchCommand;
import dev.rookery.match.Phase;
import dev.rookery.match.RoomInfo;
import dev.rookery.player.PlayerCommand;
import dev.rookery.session.Session;
import dev.rookery.session.Sessions;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Opens rooms and issues tokens for them to players of this server (openturn contract, 6.7). A
 * player of any wire is accepted, by the access token of their session.
 */
public final class DevRoutes implements Protocol {
  private static final String ROOMS = "/api/dev/rooms";
  private static final String LOBBY_TOKEN = "/api/dev/rooms/:id/lobby-token";
  private static final String BEARER = "Bearer ";

  private final Bus bus;
  private final Sessions sessions;
  private final OpenturnSettings settings;
  private final TokenIssuer issuer;

  public DevRoutes(Bus bus, Sessions sessions, InstantSource clock, OpenturnSettings settings) {
    this.bus = bus;
    this.sessions = sessions;
    this.settings = settings;
    this.issuer = new TokenIssuer(new RoomTokens(settings.tokenSecret()), clock, settings);
  }

  @Override
  public void mount(Router router) {
    var bodies = new RequestBodyHandler(RequestBodyHandler.BYTES_MAX);
    router
        .post(ROOMS)
        .setName(ROOMS)
        .handler(bodies)
        .handler(context -> authenticated(context, session -> open(context, session)));
    router
        .post(LOBBY_TOKEN)
        .setName(LOBBY_TOKEN)
        .handler(bodies)
        .handler(context -> authenticated(context, session -> issueToken(context, session)));
  }

  private void authenticated(RoutingContext context, Function<Session, Future<JsonObject>> route) {
    RequestInfo.of(context).route(context.currentRoute().getName());
    String header = context.request().getHeader(HttpHeaders.AUTHORIZATION);
    if (header == null || !header.startsWith(BEARER)) {
      Responses.error(context, 401, "unauthorized");
      return;
    }
    int status = context.currentRoute().getName().equals(ROOMS) ? 201 : 200;
    sessions
        .authenticate(header.substring(BEARER.length()).strip())
        .onSuccess(session -> Responses.respond(context, status, route.apply(session)))
        .onFailure(
            cause -> {
              if (cause instanceof Refused refused
                  && !(refused.refusal() instanceof Refusal.Unavailable)) {
                Responses.error(context, 401, "unauthorized");
              } else {
                Responses.fail(context, cause);
              }
            });
  }

  private Future<JsonObject> open(RoutingContext context, Session session) {
    String gameKey;
    try {
      gameKey = gameKey(context);
    } catch (DecodeException _) {
      return Future.failedFuture(new Refused(Refusal.Invalid.field("body", "invalid_json")));
    }
    return bus.ask(new MatchCommand.Open(MatchCommand.user(session.player()), gameKey))
        .compose(room -> snapshot(context, session, room));
  }

  /** Null if the request names no game. */
  private static @Nullable String gameKey(RoutingContext context) {
    if (context.body() == null
        || context.body().buffer() == null
        || context.body().buffer().length() == 0) {
      return null;
    }
    byte[] text = context.body().buffer().getBytes();
    if (!JsonText.isAcceptable(text)) {
      throw new DecodeException("the body is not acceptable");
    }
    var body = new JsonObject(new String(text, StandardCharsets.UTF_8));
    return body.getValue("gameKey") instanceof String key ? key : null;
  }

  private Future<JsonObject> issueToken(RoutingContext context, Session session) {
    return bus.ask(new MatchCommand.Find(context.pathParam("id")))
        .compose(
            found ->
                found.isPresent()
                    ? snapshot(context, session, found.get())
                    : Future.failedFuture(new Refused(new Refusal.Missing("unknown_room"))));
  }

  private Future<JsonObject> snapshot(RoutingContext context, Session session, RoomInfo room) {
    String user = MatchCommand.user(session.player());
    String player = room.phase() == Phase.ACTIVE ? room.playerOf(user).orElse(null) : null;
    if (room.phase() == Phase.ACTIVE && player == null) {
      return Future.failedFuture(new Refused(new Refusal.Denied("player_not_assigned")));
    }
    return bus.ask(new PlayerCommand.Find(session.player()))
        .map(found -> snapshot(context, room, user, session.id(), found.displayName(), player));
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
