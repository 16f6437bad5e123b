package dev.rookery.protocol.gameflow;

import dev.rookery.auth.AuthCommand;
import dev.rookery.auth.Client;
import dev.rookery.auth.LongLivedToken;
import dev.rookery.auth.ProviderCommand;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.edge.Cors;
import dev.rookery.edge.Protocol;
import dev.rookery.edge.RequestBodyHandler;
import dev.rookery.edge.RequestInfo;
import dev.rookery.lobby.LobbyQuery;
import dev.rookery.player.PlayerCommand;
import dev.rookery.player.Provider;
import dev.rookery.session.Session;
import dev.rookery.session.Sessions;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Serves the HTTP API of the GameFlow protocol (GameFlow contract, "HTTP"). Every response allows
 * every origin.
 */
public final class GameFlowRoutes implements Protocol {
  private static final String HOME = "/";
  private static final String ANONYMOUS = "/auth/anonymous";
  private static final String DISCORD = "/auth/discord";
  private static final String ME = "/accounts/me";
  private static final String LOBBIES = "/lobbies";
  private static final Set<String> PATHS = Set.of(HOME, ANONYMOUS, DISCORD, ME, LOBBIES);

  // Below these paths nothing else is served, but for the callback of the provider.
  private static final List<String> OWN_PREFIXES =
      List.of(ANONYMOUS, DISCORD, "/accounts", LOBBIES);
  private static final String DISCORD_CALLBACK = DISCORD + "/callback";
  private static final String BEARER = "Bearer ";
  private static final Set<String> UNVERIFIED = Set.of("not_vouched", "profile_incomplete");

  private static final Buffer INDEX =
      new JsonObject()
          .put("message", "Game Backend API")
          .put("version", "1.0.0")
          .put(
              "endpoints",
              new JsonObject()
                  .put("auth", JsonArray.of(DISCORD, ANONYMOUS))
                  .put("accounts", JsonArray.of(ME))
                  .put("lobbies", JsonArray.of(LOBBIES))
                  .put("websocket", "/_ws?token=JWT_TOKEN"))
          .toBuffer();

  private final Bus bus;
  private final Sessions sessions;

  public GameFlowRoutes(Bus bus, Sessions sessions) {
    this.bus = bus;
    this.sessions = sessions;
  }

  @Override
  public void mount(Router router) {
    var bodies = new RequestBodyHandler(RequestBodyHandler.BYTES_MAX);
    for (String path : routes()) {
      router.route(path).setName(path).handler(GameFlowRoutes::addCorsHeaders);
    }
    router.get(HOME).setName(HOME).handler(context -> send(context, 200, INDEX));
    router.post(ANONYMOUS).setName(ANONYMOUS).handler(bodies).handler(this::signInAnonymously);
    router.post(DISCORD).setName(DISCORD).handler(bodies).handler(this::signInWithDiscord);
    router.get(ME).setName(ME).handler(context -> authenticated(context, this::me));
    router.get(LOBBIES).setName(LOBBIES).handler(context -> authenticated(context, _ -> lobbies()));
    for (String path : routes()) {
      router
          .route(path)
          .setName(path)
          .handler(context -> error(context, 404, "Not Found"))
          .failureHandler(GameFlowRoutes::handleFailure);
    }
  }

  private static List<String> routes() {
    var routes = new ArrayList<>(PATHS);
    OWN_PREFIXES.forEach(prefix -> routes.add(prefix + "/*"));
    return routes;
  }

  @Override
  public boolean handlesCors(String path) {
    return PATHS.contains(path) || isOwn(path);
  }

  /** The protocol has no queries, so any is accepted where it shares the path with no page. */
  @Override
  public boolean ignoresQuery(String path) {
    return isOwn(path) && !path.startsWith(DISCORD);
  }

  private static boolean isOwn(String path) {
    if (path.equals(DISCORD_CALLBACK)) {
      return false;
    }
    for (String prefix : OWN_PREFIXES) {
      if (path.startsWith(prefix)
          && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/')) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean rejectMalformed(RoutingContext context, String path) {
    if (!isOwn(path)) {
      return false;
    }
    setCorsHeaders(context);
    error(context, 400, "Bad Request");
    return true;
  }

  private static void addCorsHeaders(RoutingContext context) {
    setCorsHeaders(context);
    if (context.request().method().equals(HttpMethod.OPTIONS)) {
      context.response().setStatusCode(204).end();
    } else {
      context.next();
    }
  }

  private static void setCorsHeaders(RoutingContext context) {
    String requested = context.request().getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS);
    context
        .response()
        .putHeader("access-control-allow-origin", "*")
        .putHeader("access-control-allow-methods", "GET, POST, PUT, DELETE, OPTIONS")
        .putHeader(
            "access-control-allow-headers",
            Cors.withAddedByLibraries("Content-Type, Authorization", requested))
        .putHeader(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, Cors.EXPOSED);
  }

  private void signInAnonymously(RoutingContext context) {
    nameRoute(context);
    JsonObject body = body(context);
    if (body == null) {
      error(context, 400, "Invalid request body");
    } else if (!(body.getValue("username") instanceof String name) || name.isBlank()) {
      error(context, 400, "Username required");
    } else {
      respond(
          context,
          bus.ask(new AuthCommand.SignInAnonymously(name, client(context)))
              .map(GameFlowRoutes::token));
    }
  }

  private static JsonObject token(LongLivedToken issued) {
    return JsonObject.of(
        "accessToken",
        issued.token(),
        "account",
        JsonObject.of("id", issued.uuid(), "username", issued.name()));
  }

  private void signInWithDiscord(RoutingContext context) {
    nameRoute(context);
    JsonObject body = body(context);
    if (body == null) {
      error(context, 400, "Invalid request body");
    } else if (!(body.getValue("discordToken") instanceof String token) || token.isBlank()) {
      error(context, 400, "Discord token required");
    } else {
      respond(
          context,
          bus.ask(new ProviderCommand.SignInWithDiscordToken(token.strip(), client(context)))
              .map(
                  signIn -> {
                    JsonObject response = token(signIn.token());
                    response.getJsonObject("account").put("discord", Views.discord(signIn));
                    return response;
                  }));
    }
  }

  private Future<JsonObject> me(Session session) {
    return bus.ask(new PlayerCommand.Find(session.player()))
        .compose(
            player ->
                bus.ask(new ProviderCommand.FindProviderId(player.id(), Provider.DISCORD))
                    .map(id -> Views.account(player, id.orElse(null))));
  }

  private Future<JsonArray> lobbies() {
    return bus.ask(new LobbyQuery.ListTeams(LobbyQuery.TEAMS_MAX))
        .map(
            lobbies -> {
              var all = new JsonArray();
              lobbies.forEach(lobby -> all.add(Views.lobby(lobby)));
              return all;
            });
  }

  /** Names the route in the log for failures that are answered elsewhere. */
  private static void nameRoute(RoutingContext context) {
    RequestInfo.of(context).route(context.currentRoute().getName());
  }

  private void authenticated(RoutingContext context, Function<Session, Future<?>> route) {
    nameRoute(context);
    String header = context.request().getHeader(HttpHeaders.AUTHORIZATION);
    if (header == null || !header.startsWith(BEARER)) {
      error(context, 401, "Unauthorized");
      return;
    }
    sessions
        .authenticate(header.substring(BEARER.length()).strip())
        .onFailure(
            cause -> {
              if (!Refused.isByRule(cause)) {
                context.fail(cause);
              } else {
                error(context, 401, "Invalid token");
              }
            })
        .onSuccess(session -> respond(context, route.apply(session)));
  }

  private static void respond(RoutingContext context, Future<?> result) {
    result
        .onSuccess(
            body ->
                send(
                    context,
                    200,
                    body instanceof JsonArray list
                        ? list.toBuffer()
                        : ((JsonObject) body).toBuffer()))
        .onFailure(context::fail);
  }

  private static void handleFailure(RoutingContext context) {
    if (context.failure() instanceof Refused refused) {
      switch (refused.refusal()) {
        case Refusal.Invalid(_, var fields) -> error(context, 400, invalidName(fields));
        case Refusal.Denied(var code, _) when UNVERIFIED.contains(code) ->
            error(context, 401, "Invalid Discord token");
        case Refusal.Denied _ -> error(context, 403, "Forbidden");
        case Refusal.Missing _ -> error(context, 401, "Invalid token");
        case Refusal.Unavailable unavailable -> {
          context.response().putHeader(HttpHeaders.RETRY_AFTER, "1");
          error(context, 503, ErrorTexts.INTERNAL_ERROR);
        }
        default -> error(context, 500, ErrorTexts.INTERNAL_ERROR);
      }
    } else if (context.statusCode() == 413) {
      error(context, 413, "Request body too large");
    } else {
      context.next();
    }
  }

  /** The name is the only field of the protocol that can be invalid. */
  private static String invalidName(Map<String, List<String>> fields) {
    List<String> faults = fields.values().stream().flatMap(List::stream).toList();
    if (faults.contains("can't be blank")) {
      return "Username required";
    }
    return faults.stream().allMatch(fault -> fault.startsWith("should be at most"))
        ? "Username too long"
        : "Invalid username";
  }

  private static @Nullable JsonObject body(RoutingContext context) {
    Buffer bytes = context.body() == null ? null : context.body().buffer();
    return bytes == null ? null : ClientMessage.readObject(bytes.getBytes());
  }

  private static Client client(RoutingContext context) {
    return new Client(
        RequestInfo.of(context).clientAddress(),
        context.request().getHeader(HttpHeaders.USER_AGENT));
  }

  private static void error(RoutingContext context, int status, String message) {
    send(context, status, JsonObject.of("error", message).toBuffer());
  }

  private static void send(RoutingContext context, int status, Buffer json) {
    context
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .end(json);
  }
}
