package dev.rookery.protocol.openturn;

import dev.rookery.auth.AuthCommand;
import dev.rookery.auth.Client;
import dev.rookery.base.Ids;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.edge.Protocol;
import dev.rookery.edge.RequestBodyHandler;
import dev.rookery.edge.RequestInfo;
import dev.rookery.match.MatchCommand;
import dev.rookery.match.MatchView;
import dev.rookery.match.Phase;
import dev.rookery.match.RoomInfo;
import dev.rookery.match.SeatInfo;
import dev.rookery.match.ShownPayloads;
import dev.rookery.player.PlayerCommand;
import dev.rookery.session.Session;
import dev.rookery.session.Sessions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.List;

/**
 * Opens rooms and issues tokens for them to players of this server (openturn contract, 6.7). A
 * player of any wire is accepted, by the access token of their session.
 */
public final class DevRoutes implements Protocol {
  private static final String ROOMS = "/api/dev/rooms";
  private static final String ROOM = ROOMS + "/:id";
  private static final String ANONYMOUS = "Anonymous";
  private static final int USER_AGENT_MAX = 200;

  private final Bus bus;
  private final ShownPayloads payloads;
  private final Sessions sessions;
  private final RoomInvitations invitations;
  private final SaveRoutes saves;

  public DevRoutes(
      Bus bus, Sessions sessions, Ids ids, InstantSource clock, OpenturnSettings settings) {
    this.bus = bus;
    this.sessions = sessions;
    this.payloads = settings.payloads();
    var issuer = new TokenIssuer(new RoomTokens(settings.tokenSecret()), clock, settings);
    this.invitations = new RoomInvitations(bus, issuer, settings);
    this.saves = new SaveRoutes(bus, new SaveFiles(bus, ids, clock, settings), invitations);
  }

  @Override
  public void mount(Router router) {
    open(router, "/api/dev/health", context -> Responses.respond(context, 200, health()));
    for (String path : List.of("/api/dev/session/anonymous", "/api/auth/sign-in/anonymous")) {
      router.post(path).setName(path).handler(this::signIn);
    }
    open(
        router,
        ROOM + "/join-token",
        context ->
            Responses.json(
                context,
                410,
                JsonObject.of("error", "endpoint_removed", "code", "use_lobby_token")));
    var routes = new PlayerRoutes(router, sessions);
    routes.get("/api/dev/me", this::describeSession);
    routes.post(ROOMS, 201, this::openRoom);
    routes.post(
        ROOM + "/lobby-token",
        200,
        (context, session) ->
            invitations.find(context).compose(room -> invitations.invite(context, session, room)));
    routes.get(ROOM, (context, _) -> invitations.find(context).compose(this::describe));
    routes.get(
        ROOM + "/presence", (context, _) -> invitations.find(context).map(DevRoutes::presence));
    routes.get(ROOM + "/bootstrap", this::bootstrap);
    routes.post(ROOM + "/reset", 200, this::reset);
    routes.post(ROOM + "/return-to-lobby", 200, this::returnToLobby);
    saves.mount(routes);
    router
        .route("/api/dev/*")
        .setName("none")
        .handler(context -> Responses.error(context, 404, "not_found"));
  }

  private static void open(Router router, String path, Handler<RoutingContext> handler) {
    router
        .route(path)
        .setName(path)
        .handler(
            context -> {
              RequestInfo.of(context).route(path);
              RequestBodyHandler.skip(context);
              handler.handle(context);
            });
  }

  private Future<JsonObject> health() {
    return bus.ask(new MatchCommand.DescribeGame())
        .map(
            game ->
                JsonObject.of(
                    "deploymentVersion",
                    game.deploymentVersion(),
                    "gameKey",
                    game.gameKey(),
                    "ok",
                    true));
  }

  /** Creates a player; their token lasts as long as their session. */
  private void signIn(RoutingContext context) {
    RequestInfo.of(context).route(context.currentRoute().getName());
    RequestBodyHandler.skip(context);
    String agent = context.request().getHeader(HttpHeaders.USER_AGENT);
    boolean tooLong = agent != null && agent.length() > USER_AGENT_MAX;
    var client =
        new Client(
            RequestInfo.of(context).clientAddress(),
            tooLong ? agent.substring(0, USER_AGENT_MAX) : agent);
    Responses.respond(
        context,
        200,
        bus.ask(new AuthCommand.SignInAnonymously(ANONYMOUS, client))
            .map(
                signedIn -> {
                  context.response().putHeader("set-auth-token", signedIn.token());
                  return JsonObject.of("token", signedIn.token())
                      .put(
                          "user",
                          JsonObject.of(
                              "id", MatchCommand.user(signedIn.player()), "name", ANONYMOUS));
                }));
  }

  private Future<JsonObject> describeSession(RoutingContext context, Session session) {
    String user = MatchCommand.user(session.player());
    return bus.ask(new PlayerCommand.Find(session.player()))
        .map(
            player ->
                JsonObject.of(
                    "session",
                    JsonObject.of("id", session.id().value(), "userId", user),
                    "user",
                    JsonObject.of("id", user, "name", player.displayName())));
  }

  private Future<JsonObject> openRoom(RoutingContext context, Session session) {
    JsonObject body = RequestBodies.object(context);
    if (body == null && RequestBodies.bytes(context).length > 0) {
      return Future.failedFuture(new Refused(Refusal.Invalid.field("body", "invalid_json")));
    }
    String gameKey = body != null && body.getValue("gameKey") instanceof String key ? key : null;
    return bus.ask(new MatchCommand.Open(MatchCommand.user(session.player()), gameKey))
        .compose(room -> invitations.invite(context, session, room));
  }

  private Future<JsonObject> describe(RoomInfo room) {
    Future<Long> revision =
        room.phase() == Phase.ACTIVE
            ? bus.ask(new MatchCommand.View(room.room())).map(MatchView::revision)
            : Future.succeededFuture(0L);
    return revision.map(
        now ->
            JsonObject.of("deploymentVersion", room.deploymentVersion())
                .put("revision", now)
                .put("roomID", room.room()));
  }

  private static JsonObject presence(RoomInfo room) {
    var connected = new JsonArray();
    if (room.phase() == Phase.ACTIVE) {
      room.seats().stream()
          .filter(SeatInfo::connected)
          .map(seat -> room.playerIDs().get(seat.index()))
          .forEach(connected::add);
    }
    return ServerMessage.room(room).put("connectedPlayerIDs", connected);
  }

  private Future<JsonObject> reset(RoutingContext context, Session session) {
    String user = MatchCommand.user(session.player());
    return invitations
        .find(context)
        .compose(room -> bus.ask(new MatchCommand.Reset(room.room(), user)))
        .map(match -> done(match.room()).put("revision", match.revision()));
  }

  private Future<JsonObject> returnToLobby(RoutingContext context, Session session) {
    String user = MatchCommand.user(session.player());
    return invitations
        .find(context)
        .compose(
            room ->
                bus.ask(new MatchCommand.ReturnToLobby(room.room(), user)).map(done(room.room())));
  }

  private static JsonObject done(String room) {
    return JsonObject.of("ok", true, "roomID", room);
  }

  private Future<JsonObject> bootstrap(RoutingContext context, Session session) {
    return invitations
        .find(context)
        .compose(
            room ->
                RoomInvitations.seat(room, session)
                    .compose(
                        player ->
                            bus.ask(new MatchCommand.View(room.room()))
                                .map(
                                    match ->
                                        new JsonObject(
                                            ServerMessage.snapshotText(
                                                SeatView.of(match, player, payloads))))));
  }
}
