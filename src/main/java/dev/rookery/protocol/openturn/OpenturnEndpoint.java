package dev.rookery.protocol.openturn;

import dev.rookery.base.Ids;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.edge.AllowedOrigins;
import dev.rookery.edge.Protocol;
import dev.rookery.edge.RequestBodyHandler;
import dev.rookery.edge.RequestInfo;
import dev.rookery.edge.WebSocketUpgrader;
import dev.rookery.fanout.FanOut;
import dev.rookery.game.GameInfo;
import dev.rookery.match.MatchCommand;
import dev.rookery.match.Phase;
import dev.rookery.match.RoomInfo;
import dev.rookery.match.SeatInfo;
import dev.rookery.match.ShownPayloads;
import dev.rookery.protocol.openturn.RoomClaims.Scope;
import dev.rookery.session.Sessions;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;

/**
 * Serves the worker surface (openturn contract, 6.1): what a client does with a room token. The id
 * in the path is compared with the token as it was sent, without decoding.
 */
public final class OpenturnEndpoint implements Protocol {
  private static final String INFO = "/__info";
  private static final String ROOMS = "/rooms/";
  private static final String ROOM_ROUTE = "/rooms/*";
  private static final String CONNECT = "/connect";
  private static final String BOOTSTRAP = "/bootstrap";

  private final Bus bus;
  private final ShownPayloads payloads;
  private final RequestTokens tokens;
  private final RoomConnector connector;

  public OpenturnEndpoint(
      WebSocketUpgrader upgrader,
      AllowedOrigins origins,
      Bus bus,
      FanOut fanOut,
      Ids ids,
      Sessions sessions,
      InstantSource clock,
      OpenturnSettings settings) {
    this.payloads = settings.payloads();
    var issuer = new TokenIssuer(new RoomTokens(settings.tokenSecret()), clock, settings);
    var saves = new SaveFiles(bus, ids, clock, settings);
    this.bus = bus;
    this.tokens = new RequestTokens(issuer, sessions);
    this.connector =
        new RoomConnector(
            upgrader,
            origins,
            fanOut,
            settings,
            tokens,
            new RoomServices(bus, ids, sessions, issuer, saves));
  }

  @Override
  public void mount(Router router) {
    router.route(INFO).setName(INFO).handler(this::describeGame);
    router
        .post(ROOM_ROUTE)
        .setName(ROOM_ROUTE)
        .handler(new RequestBodyHandler(RequestBodyHandler.BYTES_MAX));
    router.route(ROOM_ROUTE).setName(ROOM_ROUTE).handler(this::serveRoom);
  }

  @Override
  public boolean isExempt(String path) {
    return path.startsWith(ROOMS) && path.endsWith(CONNECT);
  }

  private void describeGame(RoutingContext context) {
    Responses.respond(
        context, 200, bus.ask(new MatchCommand.DescribeGame()).map(OpenturnEndpoint::describe));
  }

  private static JsonObject describe(GameInfo game) {
    return JsonObject.of("deploymentVersion", game.deploymentVersion(), "gameKey", game.gameKey())
        .put("players", new JsonArray(game.playerIDs()))
        .put("minPlayers", game.minPlayers())
        .put("maxPlayers", game.maxPlayers())
        .put("schemaVersion", game.schemaVersion());
  }

  private void serveRoom(RoutingContext context) {
    String path = context.request().path();
    int end = path.indexOf('/', ROOMS.length());
    String room = end < 0 ? "" : path.substring(ROOMS.length(), end);
    String action = end < 0 ? "" : path.substring(end);
    RequestInfo.of(context).route("/rooms/:id" + (isKnown(action) ? action : "/*"));
    switch (action) {
      case CONNECT -> connector.connect(context, room);
      case BOOTSTRAP -> bootstrap(context, room);
      case "/room-state" -> withToken(context, room, claims -> roomState(claims.roomID()));
      case "/lookup" -> withToken(context, room, this::lookUp);
      default -> Responses.error(context, 404, "unknown_route");
    }
  }

  private static boolean isKnown(String action) {
    return switch (action) {
      case CONNECT, BOOTSTRAP, "/room-state", "/lookup" -> true;
      default -> false;
    };
  }

  private void withToken(
      RoutingContext context, String room, Function<RoomClaims, Future<JsonObject>> route) {
    RoomClaims claims = tokens.require(context, room, "invalid_room_token");
    if (claims != null) {
      tokens
          .checkSession(claims)
          .onSuccess(_ -> Responses.respond(context, 200, route.apply(claims)))
          .onFailure(cause -> RequestTokens.refuse(context, cause));
    }
  }

  private Future<JsonObject> roomState(String room) {
    return bus.ask(new MatchCommand.Find(room))
        .map(
            found ->
                found
                    .map(OpenturnEndpoint::state)
                    .orElseGet(() -> JsonObject.of("initialized", false)));
  }

  private static JsonObject state(RoomInfo room) {
    return JsonObject.of("initialized", true).mergeIn(ServerMessage.room(room));
  }

  private Future<JsonObject> lookUp(RoomClaims claims) {
    return bus.ask(new MatchCommand.Find(claims.roomID()))
        .map(found -> lookedUp(found, claims.userID()));
  }

  private static JsonObject lookedUp(Optional<RoomInfo> found, String user) {
    if (found.isEmpty()) {
      return JsonObject.of("phase", "uninitialized").putNull("playerID");
    }
    RoomInfo room = found.get();
    var answer = JsonObject.of("phase", room.phase().text());
    return room.phase() == Phase.ACTIVE
        ? answer.put("playerID", room.playerOf(user).orElse(null))
        : answer
            .putNull("playerID")
            .put("seatIndex", room.seatOf(user).map(SeatInfo::index).orElse(null));
  }

  private void bootstrap(RoutingContext context, String room) {
    JsonObject body = RequestBodies.object(context);
    if (body == null
        || !(body.getValue("playerID") instanceof String player)
        || !(body.getValue("token") instanceof String token)) {
      Responses.error(context, 400, "invalid_bootstrap_request");
      return;
    }
    RoomClaims claims = tokens.verify(token);
    if (claims == null
        || claims.scope() != Scope.GAME
        || !player.equals(claims.playerID())
        || !claims.roomID().equals(room)) {
      Responses.error(context, 401, "invalid_room_token");
      return;
    }
    tokens
        .checkSession(claims)
        .onSuccess(_ -> Responses.respondText(context, snapshot(room, claims.userID(), player)))
        .onFailure(cause -> RequestTokens.refuse(context, cause));
  }

  /** {@code null} if the user does not have the seat of the player. */
  private Future<String> snapshot(String room, String user, String player) {
    return bus.ask(new MatchCommand.Find(room))
        .compose(
            found ->
                found.flatMap(one -> one.playerOf(user)).equals(Optional.of(player))
                    ? snapshot(room, player)
                    : Future.succeededFuture("null"));
  }

  /** A match that has not started has none. */
  private Future<String> snapshot(String room, String player) {
    return bus.ask(new MatchCommand.View(room))
        .map(match -> ServerMessage.snapshotText(SeatView.of(match, player, payloads)))
        .recover(
            cause ->
                cause instanceof Refused refused && refused.refusal() instanceof Refusal.Conflict
                    ? Future.succeededFuture("null")
                    : Future.failedFuture(cause));
  }
}
