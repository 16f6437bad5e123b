package dev.rookery.protocol.openturn;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.base.Refused;
import dev.rookery.base.Text;
import dev.rookery.bus.Bus;
import dev.rookery.edge.AllowedOrigins;
import dev.rookery.edge.Connection;
import dev.rookery.edge.RequestInfo;
import dev.rookery.edge.SocketOwner;
import dev.rookery.edge.WebSocketListener;
import dev.rookery.edge.WebSocketUpgrader;
import dev.rookery.fanout.FanOut;
import dev.rookery.fanout.Subscription;
import dev.rookery.match.MatchCommand;
import dev.rookery.match.MatchTopic;
import dev.rookery.protocol.openturn.RoomClaims.Scope;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.ContextInternal;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Opens the sockets of rooms. A socket is registered with its room before the upgrade, so that a
 * client hears as an HTTP status why it may not join.
 */
final class RoomConnector {
  /**
   * The origin of the page of a game in its sandbox. A page of another site can have it too, but
   * none opens a socket with the rights of its visitor: a browser adds no token by itself.
   */
  private static final String SANDBOXED = "null";

  private static final String USER_NAME = "x-openturn-user-name";
  private static final int USER_NAME_MAX = 80;

  private final WebSocketUpgrader upgrader;
  private final AllowedOrigins origins;
  private final FanOut fanOut;
  private final OpenturnSettings settings;
  private final RequestTokens tokens;
  private final RoomServices services;

  RoomConnector(
      WebSocketUpgrader upgrader,
      AllowedOrigins origins,
      FanOut fanOut,
      OpenturnSettings settings,
      RequestTokens tokens,
      RoomServices services) {
    this.upgrader = upgrader;
    this.origins = origins;
    this.fanOut = fanOut;
    this.settings = settings;
    this.tokens = tokens;
    this.services = services;
  }

  void connect(RoutingContext context, String room) {
    HttpServerRequest request = context.request();
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    if (origin != null && !origin.equals(SANDBOXED) && !origins.allowsSocket(origin)) {
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
    RoomClaims claims = tokens.require(context, room, "room_token_mismatch");
    if (claims != null) {
      request.pause();
      tokens
          .checkSession(claims)
          .onSuccess(_ -> open(context, stranger, claims))
          .onFailure(cause -> refuseSession(context, cause));
    }
  }

  private static void refuseSession(RoutingContext context, Throwable cause) {
    context.request().resume();
    RequestTokens.refuse(context, cause);
  }

  private void open(RoutingContext context, SocketOwner stranger, RoomClaims claims) {
    HttpServerRequest request = context.request();
    var entry =
        new RoomEntry(
            services,
            claims.roomID(),
            claims.userID(),
            claims.session(),
            claims.session() == null ? userName(request) : null,
            services.ids().uuid(),
            connectUrl(request, claims.roomID()));
    SocketOwner owner = owner(stranger, claims.userID());
    String player = claims.playerID();
    // The context of all sockets of this event loop, on which the subscription is to deliver; that
    // of a request would make each socket a group of its own.
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

  /** For users of a service alone: a player could take any name with it. */
  private static @Nullable String userName(HttpServerRequest request) {
    String name = request.getHeader(USER_NAME);
    return name != null && name.length() <= USER_NAME_MAX && Text.isStorable(name) ? name : null;
  }

  /** A user of this server is a player, and has the bounds of one. */
  private static SocketOwner owner(SocketOwner stranger, String user) {
    return RequestTokens.isPlayer(user)
        ? stranger.signedInAs(new PlayerId(Long.parseLong(user)))
        : stranger;
  }

  private String connectUrl(HttpServerRequest request, String room) {
    return Responses.socketUrl(settings, request) + "/rooms/" + room + "/connect";
  }

  private Bus bus() {
    return services.bus();
  }

  private void openLobby(RoutingContext context, SocketOwner owner, RoomEntry entry) {
    join(
        context,
        owner,
        entry,
        () ->
            bus().ask(new MatchCommand.ConnectToLobby(entry.room(), entry.user(), entry.socket())),
        MatchCommand.LobbyJoined::position,
        (connection, subscription, joined) -> {
          connection.send(ServerMessage.lobbyState(joined.info()));
          return new LobbySocket(connection, entry, subscription);
        });
  }

  private void openGame(RoutingContext context, SocketOwner owner, RoomEntry entry, String player) {
    join(
        context,
        owner,
        entry,
        () ->
            bus()
                .ask(
                    new MatchCommand.ConnectToMatch(
                        entry.room(), entry.user(), player, entry.socket())),
        MatchCommand.MatchJoined::position,
        (connection, subscription, joined) -> {
          var view = SeatView.of(joined.view(), player, settings.payloads());
          connection.send(ServerMessage.snapshot(view));
          return new GameSocket(connection, entry, subscription, view);
        });
  }

  /** Makes a socket of a connection, after sending what the client expects first. */
  @FunctionalInterface
  private interface SocketFactory<J> {
    RoomSocket open(Connection connection, Subscription subscription, J joined);
  }

  /** Registers a socket with its room, opens it, and follows the room's stream from there. */
  private <J> void join(
      RoutingContext context,
      SocketOwner owner,
      RoomEntry entry,
      Supplier<Future<J>> command,
      Function<J, Position> position,
      SocketFactory<J> factory) {
    var subscriber = new LateSubscriber();
    var subscription = fanOut.subscribe(MatchTopic.of(entry.room()), subscriber);
    command
        .get()
        .onFailure(
            cause -> {
              subscription.cancel();
              if (!Refused.isByRule(cause)) {
                // It may have been carried out although the answer did not come.
                leave(entry, false);
              }
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
                      RoomSocket socket = factory.open(connection, subscription, joined);
                      subscriber.attach(socket);
                      // The client expects its state and then what all are told of it.
                      subscription.startAfter(position.apply(joined).previous());
                      return socket;
                    }));
  }

  private void upgrade(
      RoutingContext context,
      SocketOwner owner,
      RoomEntry entry,
      Runnable whenRefused,
      Function<Connection, WebSocketListener> open) {
    var opened = new boolean[1];
    // The room counts the socket already; it must not keep one that never opened.
    Runnable end =
        () -> {
          if (!opened[0]) {
            opened[0] = true;
            whenRefused.run();
            leave(entry, true);
          }
        };
    if (context.response().closed()) {
      // The client has gone meanwhile, and a handler of the end would not be called any more.
      end.run();
      return;
    }
    context.addEndHandler(_ -> end.run());
    upgrader.upgrade(
        context.request(),
        owner,
        connection -> {
          opened[0] = true;
          return open.apply(connection);
        });
  }

  /**
   * @param leaving false if the client is expected to connect again at once
   */
  private void leave(RoomEntry entry, boolean leaving) {
    var _ = bus().undo(new MatchCommand.Disconnect(entry.room(), entry.socket(), leaving));
  }

  private static void refuse(RoutingContext context, Throwable cause) {
    context.request().resume();
    Responses.fail(context, cause);
  }
}
