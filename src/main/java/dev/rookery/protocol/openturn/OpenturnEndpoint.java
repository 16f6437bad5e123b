package dev.rookery.protocol.openturn;

import dev.rookery.base.Ids;
import dev.rookery.base.JsonText;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.SessionId;
import dev.rookery.base.Text;
import dev.rookery.bus.Bus;
import dev.rookery.edge.AllowedOrigins;
import dev.rookery.edge.Connection;
import dev.rookery.edge.Protocol;
import dev.rookery.edge.RequestBodyHandler;
import dev.rookery.edge.RequestInfo;
import dev.rookery.edge.SocketOwner;
import dev.rookery.edge.WebSocketListener;
import dev.rookery.edge.WebSocketUpgrader;
import dev.rookery.fanout.FanOut;
import dev.rookery.game.GameInfo;
import dev.rookery.match.MatchCommand;
import dev.rookery.match.MatchTopic;
import dev.rookery.match.MatchView;
import dev.rookery.match.Phase;
import dev.rookery.match.RoomInfo;
import dev.rookery.match.SeatInfo;
import dev.rookery.protocol.openturn.RoomClaims.Scope;
import dev.rookery.session.Sessions;
import dev.rookery.session.Tokens;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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
  private static final String USER_NAME = "x-openturn-user-name";
  private static final int USER_NAME_MAX = 80;
  private static final int PLAYER_DIGITS_MAX = 18;

  private final WebSocketUpgrader upgrader;
  private final AllowedOrigins origins;
  private final Bus bus;
  private final FanOut fanOut;
  private final Ids ids;
  private final Sessions sessions;
  private final OpenturnSettings settings;
  private final TokenIssuer issuer;

  public OpenturnEndpoint(
      WebSocketUpgrader upgrader,
      AllowedOrigins origins,
      Bus bus,
      FanOut fanOut,
      Ids ids,
      Sessions sessions,
      InstantSource clock,
      OpenturnSettings settings) {
    this.upgrader = upgrader;
    this.origins = origins;
    this.bus = bus;
    this.fanOut = fanOut;
    this.ids = ids;
    this.sessions = sessions;
    this.settings = settings;
    this.issuer = new TokenIssuer(new RoomTokens(settings.tokenSecret()), clock, settings);
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
      case CONNECT -> connect(context, room);
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

  /** The claims of a token; null if it is not valid, or names what cannot be stored. */
  private @Nullable RoomClaims verify(String token) {
    RoomClaims claims = issuer.verify(token);
    return claims != null && isId(claims.roomID()) && isId(claims.userID()) ? claims : null;
  }

  private static boolean isId(String id) {
    return !id.isEmpty() && id.length() <= MatchCommand.ID_MAX && Text.isStorable(id);
  }

  /** The claims of the request's token; null after answering that there are none. */
  private @Nullable RoomClaims claims(RoutingContext context, String room, String mismatch) {
    String token = context.request().getParam("token");
    if (token == null || token.isEmpty()) {
      Responses.error(context, 401, "missing_room_token");
      return null;
    }
    RoomClaims claims = verify(token);
    if (claims == null) {
      Responses.error(context, 401, "invalid_room_token");
      return null;
    }
    if (!claims.roomID().equals(room)) {
      Responses.error(context, 401, mismatch);
      return null;
    }
    return claims;
  }

  private void withToken(
      RoutingContext context, String room, Function<RoomClaims, Future<JsonObject>> route) {
    RoomClaims claims = claims(context, room, "invalid_room_token");
    if (claims != null) {
      Responses.respond(context, 200, route.apply(claims));
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
    return JsonObject.of("initialized", true, "roomID", room.room())
        .put("hostUserID", room.hostUser())
        .put("phase", room.phase().text())
        .put("minPlayers", room.minPlayers())
        .put("maxPlayers", room.maxPlayers())
        .put("targetCapacity", room.targetCapacity())
        .put("seats", ServerMessage.seats(room));
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
    JsonObject body = body(context);
    if (body == null
        || !(body.getValue("playerID") instanceof String player)
        || !(body.getValue("token") instanceof String token)) {
      Responses.error(context, 400, "invalid_bootstrap_request");
      return;
    }
    RoomClaims claims = verify(token);
    if (claims == null
        || claims.scope() != Scope.GAME
        || !player.equals(claims.playerID())
        || !claims.roomID().equals(room)) {
      Responses.error(context, 401, "invalid_room_token");
      return;
    }
    Responses.respondText(
        context,
        bus.ask(new MatchCommand.Find(room))
            .compose(
                found ->
                    found.flatMap(one -> one.playerOf(claims.userID())).equals(Optional.of(player))
                        ? snapshot(room, player)
                        : Future.succeededFuture("null")));
  }

  private static @Nullable JsonObject body(RoutingContext context) {
    try {
      byte[] text =
          context.body() == null || context.body().buffer() == null
              ? new byte[0]
              : context.body().buffer().getBytes();
      return JsonText.isAcceptable(text)
          ? new JsonObject(new String(text, StandardCharsets.UTF_8))
          : null;
    } catch (DecodeException _) {
      return null;
    }
  }

  /** A match that has not started has none. */
  private Future<String> snapshot(String room, String player) {
    return bus.ask(new MatchCommand.View(room))
        .map(match -> ServerMessage.snapshotText(SeatView.of(match, player)))
        .recover(
            cause ->
                cause instanceof Refused refused && refused.refusal() instanceof Refusal.Conflict
                    ? Future.succeededFuture("null")
                    : Future.failedFuture(cause));
  }

  private void connect(RoutingContext context, String room) {
    HttpServerRequest request = context.request();
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    if (origin != null && !origins.allowsSocket(origin)) {
      context.response().setStatusCode(403).end();
      return;
    }
    if (!WebSocketUpgrader.isUpgradeRequest(request)) {
      Responses.error(context, 426, "expected_websocket_upgrade");
      return;
    }
    var stranger = SocketOwner.stranger(RequestInfo.of(context).clientAddress());
    if (!upgrader.admit(request, stranger)) {
      return;
    }
    RoomClaims claims = claims(context, room, "room_token_mismatch");
    if (claims != null) {
      request.pause();
      checkSession(claims)
          .onSuccess(_ -> open(context, stranger, claims))
          .onFailure(cause -> refuseSession(context, cause));
    }
  }

  /** Fails if the token was given to a session that has ended. */
  private Future<?> checkSession(RoomClaims claims) {
    SessionId session = claims.session();
    if (session == null) {
      return Future.succeededFuture();
    }
    return isPlayer(claims.userID())
        ? sessions.check(
            new Tokens.AccessClaims(
                session,
                new PlayerId(Long.parseLong(claims.userID())),
                Duration.ofSeconds(claims.exp()).toMillis()))
        : Future.failedFuture(Refused.denied("invalid_token"));
  }

  private static void refuseSession(RoutingContext context, Throwable cause) {
    boolean ended =
        cause instanceof Refused refused && !(refused.refusal() instanceof Refusal.Unavailable);
    if (ended) {
      context.request().resume();
      Responses.error(context, 401, "invalid_room_token");
    } else {
      refuse(context, cause);
    }
  }

  private void open(RoutingContext context, SocketOwner stranger, RoomClaims claims) {
    HttpServerRequest request = context.request();
    var entry =
        new RoomEntry(
            bus,
            ids,
            sessions,
            issuer,
            claims.roomID(),
            claims.userID(),
            claims.session(),
            userName(request),
            ids.uuid(),
            connectUrl(request, claims.roomID()));
    SocketOwner owner = owner(stranger, claims.userID());
    String player = claims.playerID();
    // The context of all sockets of this event loop, on which the subscription is to deliver; that
    // of
    // a request would make each socket a group of its own.
    ContextInternal loop = ((ContextInternal) Vertx.currentContext()).unwrap();
    loop.runOnContext(
        _ -> {
          if (claims.scope() == Scope.LOBBY || player == null) {
            openLobby(context, owner, entry);
          } else {
            openGame(context, owner, entry, player);
          }
        });
  }

  private static @Nullable String userName(HttpServerRequest request) {
    String name = request.getHeader(USER_NAME);
    return name != null && name.length() <= USER_NAME_MAX && Text.isStorable(name) ? name : null;
  }

  /** A user of this server is a player, and has the bounds of one. */
  private static SocketOwner owner(SocketOwner stranger, String user) {
    return isPlayer(user) ? stranger.signedInAs(new PlayerId(Long.parseLong(user))) : stranger;
  }

  private static boolean isPlayer(String user) {
    return user.length() <= PLAYER_DIGITS_MAX && user.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private String connectUrl(HttpServerRequest request, String room) {
    return Responses.socketUrl(settings, request) + ROOMS + room + CONNECT;
  }

  private void openLobby(RoutingContext context, SocketOwner owner, RoomEntry entry) {
    var subscriber = new LateSubscriber();
    var subscription = fanOut.subscribe(MatchTopic.of(entry.room()), subscriber);
    bus.ask(new MatchCommand.ConnectToLobby(entry.room(), entry.user(), entry.socket()))
        .onFailure(
            cause -> {
              subscription.cancel();
              refuse(context, cause);
            })
        .onSuccess(
            joined ->
                upgrade(
                    context,
                    owner,
                    entry,
                    subscription::cancel,
                    connection -> {
                      var socket = new LobbySocket(connection, entry, subscription);
                      subscriber.attach(socket);
                      connection.send(ServerMessage.lobbyState(joined.info()));
                      // The client expects its state and then what all are told of it.
                      subscription.startAfter(joined.position().previous());
                      return socket;
                    }));
  }

  private void openGame(RoutingContext context, SocketOwner owner, RoomEntry entry, String player) {
    var subscriber = new LateSubscriber();
    var subscription = fanOut.subscribe(MatchTopic.of(entry.room()), subscriber);
    isInGame(player)
        .compose(
            known ->
                known
                    ? bus.ask(
                        new MatchCommand.ConnectToMatch(
                            entry.room(), entry.user(), player, entry.socket()))
                    : Future.failedFuture(
                        new Refused(new Refusal.Denied("player_not_in_deployment"))))
        .onFailure(
            cause -> {
              subscription.cancel();
              refuse(context, cause);
            })
        .onSuccess(
            joined ->
                upgrade(
                    context,
                    owner,
                    entry,
                    subscription::cancel,
                    connection -> {
                      MatchView match = joined.view();
                      var view = SeatView.of(match, player);
                      var socket = new GameSocket(connection, entry, subscription, view);
                      subscriber.attach(socket);
                      connection.send(ServerMessage.snapshot(view));
                      subscription.startAfter(joined.position().previous());
                      return socket;
                    }));
  }

  private Future<Boolean> isInGame(String player) {
    return bus.ask(new MatchCommand.DescribeGame()).map(game -> game.playerIDs().contains(player));
  }

  private void upgrade(
      RoutingContext context,
      SocketOwner owner,
      RoomEntry entry,
      Runnable whenRefused,
      Function<Connection, WebSocketListener> open) {
    var opened = new boolean[1];
    // The room counts the socket already; it must not keep one that never opened.
    context.addEndHandler(
        _ -> {
          if (!opened[0]) {
            opened[0] = true;
            whenRefused.run();
            leave(entry);
          }
        });
    upgrader.upgrade(
        context.request(),
        owner,
        connection -> {
          opened[0] = true;
          return open.apply(connection);
        });
  }

  private void leave(RoomEntry entry) {
    bus.ask(new MatchCommand.Disconnect(entry.room(), entry.socket(), true))
        .onFailure(_ -> Responses.LOG.debug("a socket that did not open is left in its room"));
  }

  private static void refuse(RoutingContext context, Throwable cause) {
    context.request().resume();
    Responses.fail(context, cause);
  }
}
