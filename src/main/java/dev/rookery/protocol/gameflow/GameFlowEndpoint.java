package dev.rookery.protocol.gameflow;

import dev.rookery.allocation.GameFlowMatchmaker;
import dev.rookery.base.Ids;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.edge.AllowedOrigins;
import dev.rookery.edge.CloseReason;
import dev.rookery.edge.Connection;
import dev.rookery.edge.PercentEncoding;
import dev.rookery.edge.Protocol;
import dev.rookery.edge.RequestInfo;
import dev.rookery.edge.SocketOwner;
import dev.rookery.edge.SubprotocolOffer;
import dev.rookery.edge.WebSocketListener;
import dev.rookery.edge.WebSocketUpgrader;
import dev.rookery.fanout.FanOut;
import dev.rookery.session.Session;
import dev.rookery.session.Sessions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Accepts WebSockets at {@code /_ws?token=}, or with the token among the subprotocols ({@link
 * SubprotocolOffer}). The upgrade succeeds for any token; a missing or invalid one is reported on
 * the socket, which is then closed (GameFlow contract, "WebSocket").
 */
public final class GameFlowEndpoint implements Protocol {
  private static final String PATH = "/_ws";
  private static final String TOKEN = "token=";
  private static final int PARAMETERS_MAX = 100;

  private static final Set<String> PLAIN = Set.of("gameflow");
  // Beside a token Phoenix's name stands for the form of the token.
  private static final Set<String> WITH_TOKEN = Set.of("gameflow", "phoenix");

  private final WebSocketUpgrader upgrades;
  private final AllowedOrigins origins;
  private final Sessions sessions;
  private final Bus bus;
  private final FanOut fanOut;
  private final Ids ids;
  private final RoomAccess rooms;
  private final String defaultMode;
  private final String defaultRegion;
  private final @Nullable GameFlowMatchmaker gameFlowMatchmaker;
  private final Vertx vertx;
  private final InstantSource clock;

  /**
   * @param rooms tells players of the rooms in which matches are played
   * @param defaultMode the mode of matchmaking searches that name none
   * @param defaultRegion the region of matchmaking searches that name none
   * @param gameFlowMatchmaker used for matchmaking instead of this server's own; null for none
   */
  public GameFlowEndpoint(
      WebSocketUpgrader upgrades,
      AllowedOrigins origins,
      Sessions sessions,
      Bus bus,
      FanOut fanOut,
      Ids ids,
      RoomAccess rooms,
      String defaultMode,
      String defaultRegion,
      @Nullable GameFlowMatchmaker gameFlowMatchmaker,
      Vertx vertx,
      InstantSource clock) {
    this.upgrades = upgrades;
    this.origins = origins;
    this.sessions = sessions;
    this.bus = bus;
    this.fanOut = fanOut;
    this.ids = ids;
    this.rooms = rooms;
    this.defaultMode = defaultMode;
    this.defaultRegion = defaultRegion;
    this.gameFlowMatchmaker = gameFlowMatchmaker;
    this.vertx = vertx;
    this.clock = clock;
  }

  @Override
  public void mount(Router router) {
    router.route(PATH).setName(PATH).handler(this::handle);
  }

  @Override
  public boolean isExempt(String path) {
    return path.equals(PATH);
  }

  /** The contract reports a token that cannot be decoded on the socket, as any invalid one. */
  @Override
  public boolean ignoresQuery(String path) {
    return path.equals(PATH);
  }

  private void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    if (origin != null && !origins.allowsSocket(origin)) {
      context.response().setStatusCode(403).end();
    } else if (!WebSocketUpgrader.isUpgradeRequest(request)) {
      context.response().setStatusCode(400).end();
    } else {
      var owner = SocketOwner.stranger(RequestInfo.of(context).clientAddress());
      if (!upgrades.admit(request, owner)) {
        return;
      }
      var offer = SubprotocolOffer.of(request);
      offer.confirm(request, offer.token() == null ? PLAIN : WITH_TOKEN);
      String token = offer.token() == null ? token(request.query()) : offer.token();
      if (token == null || token.isEmpty()) {
        upgrades.upgrade(
            request, owner, connection -> reject(connection, "Token required", CloseReason.DONE));
        return;
      }
      request.pause();
      sessions
          .authenticate(token)
          .onComplete(session -> upgrade(request, owner, session.result(), session.cause()));
    }
  }

  /** Decodes nothing that cannot be decoded: such a token is not valid, however it is written. */
  private static @Nullable String token(@Nullable String query) {
    if (query == null) {
      return null;
    }
    for (String parameter : query.split("&", PARAMETERS_MAX)) {
      if (parameter.startsWith(TOKEN)) {
        String encoded = parameter.substring(TOKEN.length());
        return PercentEncoding.isValid(encoded)
            ? URLDecoder.decode(encoded, StandardCharsets.UTF_8)
            : encoded;
      }
    }
    return null;
  }

  private void upgrade(
      HttpServerRequest request,
      SocketOwner owner,
      @Nullable Session session,
      @Nullable Throwable cause) {
    if (session != null) {
      upgrades.upgrade(
          request,
          owner.signedInAs(session.player()),
          connection -> open(connection, session, owner));
    } else if (cause != null && !Refused.isByRule(cause)) {
      upgrades.upgrade(
          request,
          owner,
          connection -> reject(connection, ErrorTexts.INTERNAL_ERROR, CloseReason.RESTART));
    } else {
      upgrades.upgrade(
          request, owner, connection -> reject(connection, "Invalid token", CloseReason.DONE));
    }
  }

  private WebSocketListener open(Connection connection, Session session, SocketOwner owner) {
    var endListener =
        sessions.onEnd(session.id(), () -> connection.close(CloseReason.SESSION_ENDED));
    var announcement = new MatchAnnouncement(session, rooms);
    var lobby =
        new LobbyHandler(connection, bus, fanOut, session.player(), announcement, owner.network());
    MatchmakingHandler matchmaking =
        gameFlowMatchmaker == null
            ? new LocalMatchmakingHandler(
                connection, bus, session.player(), announcement, ids, defaultMode, defaultRegion)
            : new GameFlowMatchmakingHandler(
                connection,
                vertx.getOrCreateContext(),
                bus,
                gameFlowMatchmaker,
                session.player(),
                announcement,
                ids,
                clock);
    var player =
        new PlayerSubscription(
            connection, bus, fanOut, session.player(), ids.uuid(), lobby, matchmaking);
    var socket = new GameFlowSocket(connection, player, lobby, matchmaking, endListener::close);
    socket.start();
    return socket;
  }

  private static WebSocketListener reject(
      Connection connection, String message, CloseReason reason) {
    connection.send(ServerMessage.error(message));
    connection.close(reason);
    return new WebSocketListener() {
      @Override
      public void onText(byte[] ignored) {}

      @Override
      public void onBinary(byte[] ignored) {}

      @Override
      public Future<?> onClose() {
        return Future.succeededFuture();
      }
    };
  }
}
