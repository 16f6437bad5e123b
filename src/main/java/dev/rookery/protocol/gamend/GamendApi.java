package dev.rookery.protocol.gamend;

import dev.rookery.base.Limits;
import dev.rookery.bus.Bus;
import dev.rookery.bus.ReadOnlyScope;
import dev.rookery.console.AccessKeys;
import dev.rookery.console.AdminLists;
import dev.rookery.edge.Protocol;
import dev.rookery.edge.RawBodyHandler;
import dev.rookery.edge.RequestBodyHandler;
import dev.rookery.edge.RequestInfo;
import dev.rookery.extensionhost.ExtensionHost;
import dev.rookery.session.Sessions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.OpenAPIRoute;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Serves the REST API of Gamend clients. The routes are mounted from the API document: each of its
 * operations has exactly one route, and nothing else is routed under {@code /api/v1}.
 */
public final class GamendApi implements Protocol {
  /** The collection of stored objects that this API knows as key-value entries. */
  public static final String KV_COLLECTION = KvRoutes.COLLECTION;

  private static final String API_PATHS = "/api/v1/*";
  private static final String HEALTH = "/api/v1/health";
  private static final Set<HttpMethod> METHODS_WITH_BODY =
      Set.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE);
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final Vertx vertx;
  private final ApiDocument document;
  private final Map<String, Endpoint> endpoints = new LinkedHashMap<>();
  private final MethodOverride overrides;
  private final ApiDocsRoutes docs;
  private final BodyLimits bodyLimits;
  private final InstantSource clock;

  private GamendApi(
      Vertx vertx,
      ApiDocument document,
      Bus bus,
      Bus lists,
      Sessions sessions,
      KeyAuthentication keys,
      Limits limits,
      BodyLimits bodyLimits,
      boolean everybodySearchesByEmail,
      ExtensionHost extensions,
      AdminLists adminLists,
      InstantSource clock,
      Supplier<String> publicUrl,
      String version) {
    this.vertx = vertx;
    this.document = document;
    this.clock = clock;
    this.docs = new ApiDocsRoutes(() -> document.forClients(publicUrl.get(), version));
    this.bodyLimits = bodyLimits;
    Bus readOnly = bus.in(ReadOnlyScope.SCOPE);
    var routes =
        routes(bus, sessions, limits, everybodySearchesByEmail, extensions, adminLists, publicUrl);
    // Of their own, because a route goes on with its own bus after it has waited.
    var views =
        routes(
            readOnly,
            sessions,
            limits,
            everybodySearchesByEmail,
            extensions,
            adminLists,
            publicUrl);
    for (Operation operation : document.operations()) {
      Endpoint.Route route = routes.remove(operation.id());
      if (route == null) {
        throw new IllegalStateException("no route for the operation " + operation.id());
      }
      endpoints.put(
          operation.id(),
          new Endpoint(
              operation,
              sessions,
              keys,
              new Endpoint.Served(operation.isAdminList() ? lists : bus, route),
              new Endpoint.Served(readOnly, Objects.requireNonNull(views.get(operation.id())))));
    }
    if (!routes.isEmpty()) {
      throw new IllegalStateException("routes without an operation: " + routes.keySet());
    }
    this.overrides =
        new MethodOverride(endpoints.values(), bodyLimits.jsonBytesMax(document.operations()));
  }

  /**
   * Loads the API document and creates the routes. Fails if an operation has no route, or a route
   * has no operation.
   *
   * @param lists sends what lists of admins ask for, which must not hold up the game
   * @param keyRequestsPerMinute of one access key on this node; 0 for no limit
   * @param kvValueBytesMax the maximum size of the value of a key-value entry
   * @param everybodySearchesByEmail whether others than admins find players by email address
   * @param extensions whose functions clients call
   * @param adminLists of the console
   * @param publicUrl supplies the URL of this server; called after it listens
   * @param bodyBytesMax the maximum size of a request body
   */
  public static GamendApi create(
      Vertx vertx,
      Bus bus,
      Bus lists,
      Sessions sessions,
      AccessKeys keys,
      int keyRequestsPerMinute,
      Limits limits,
      int kvValueBytesMax,
      boolean everybodySearchesByEmail,
      ExtensionHost extensions,
      AdminLists adminLists,
      InstantSource clock,
      Supplier<String> publicUrl,
      String version,
      int bodyBytesMax) {
    return new GamendApi(
        vertx,
        ApiDocument.shared(),
        bus,
        lists,
        sessions,
        new KeyAuthentication(keys, keyRequestsPerMinute, clock),
        limits,
        new BodyLimits(limits, kvValueBytesMax, extensions.settings().jarBytesMax(), bodyBytesMax),
        everybodySearchesByEmail,
        extensions,
        adminLists,
        clock,
        publicUrl,
        version);
  }

  private Map<String, Endpoint.Route> routes(
      Bus bus,
      Sessions sessions,
      Limits limits,
      boolean everybodySearchesByEmail,
      ExtensionHost extensions,
      AdminLists lists,
      Supplier<String> publicUrl) {
    var routes = new HashMap<String, Endpoint.Route>();
    routes.put("index", this::health);
    new AuthRoutes(bus, sessions).register(routes);
    new UserRoutes(bus, limits, everybodySearchesByEmail).register(routes);
    new MeRoutes(bus).register(routes);
    new EmailRoutes(bus).register(routes);
    new ProviderRoutes(bus).register(routes);
    new SessionRoutes(bus, limits).register(routes);
    new AdminSessionRoutes(limits).register(routes);
    new AdminRoleRoutes().register(routes);
    new AdminKeyRoutes().register(routes);
    new AdminInviteRoutes(publicUrl).register(routes);
    new AdminUserRoutes(limits, new StepUp(bus)).register(routes);
    new AdminTestPlayerRoutes().register(routes);
    new AdminSampleRoutes().register(routes);
    new ClusterRoutes().register(routes);
    new AdminMoveRoutes().register(routes);
    new AdminBackupRoutes().register(routes);
    new AdminDrillRoutes().register(routes);
    new FriendRoutes(bus, limits).register(routes);
    new NotificationRoutes(bus, limits).register(routes);
    new GroupRoutes(bus, limits).register(routes);
    new AdminGroupRoutes(limits).register(routes);
    new PartyRoutes(bus).register(routes);
    new LobbyRoutes(bus, limits).register(routes);
    new ChatRoutes(bus, limits).register(routes);
    new MuteRoutes(bus).register(routes);
    new ReportRoutes(bus).register(routes);
    new AdminChatRoutes(limits).register(routes);
    new AdminModerationRoutes(limits).register(routes);
    new AdminFilterRoutes().register(routes);
    new AdminFriendRoutes(limits).register(routes);
    new AdminNotificationRoutes(limits).register(routes);
    new AdminBroadcastRoutes(limits).register(routes);
    new AdminLobbyRoutes(limits).register(routes);
    new AdminPlayerRecordRoutes().register(routes);
    new LeaderboardRoutes(bus, clock).register(routes);
    new AdminLeaderboardRoutes().register(routes);
    new AchievementRoutes(bus).register(routes);
    new AdminAchievementRoutes().register(routes);
    new KvRoutes(bus).register(routes);
    new AdminKvRoutes(limits).register(routes);
    new HookRoutes(extensions).register(routes);
    new AdminMatchRoutes().register(routes);
    new AdminProfileChangeRoutes().register(routes);
    new AdminMatchmakingRoutes().register(routes);
    new AdminJobRoutes().register(routes);
    new AdminRetentionRoutes().register(routes);
    new AdminLoadRoutes().register(routes);
    new AdminRelayRoutes().register(routes);
    new AdminExtensionRoutes(limits).register(routes);
    new AdminGameRoutes().register(routes);
    new AdminScriptRoutes().register(routes);
    new AdminGuestRoutes().register(routes);
    new AdminTranslationRoutes(limits).register(routes);
    new AdminThemeRoutes().register(routes);
    new AdminKvSchemaRoutes().register(routes);
    new AdminStreamRoutes().register(routes);
    new AdminPartyRoutes(limits).register(routes);
    new AdminViewRoutes().register(routes);
    new AdminOperationsRoutes().register(routes);
    new AdminTraceRoutes().register(routes);
    new AdminListRoutes(bus, lists).register(routes);
    new AdminBulkRoutes(bus, lists).register(routes);
    return routes;
  }

  @Override
  public void mount(Router router) {
    docs.mount(router);
    overrides.mount(router, API_PATHS);
    var api = new ApiRouter(vertx, document.operations(), this::addHandlers);
    // Not on the prefix, which would be cut off the paths of the routers inside.
    router.route("/*").setName("none").handler(api).failureHandler(api::handleFailure);
  }

  private void addHandlers(String operationId, OpenAPIRoute route) {
    Endpoint endpoint = Objects.requireNonNull(endpoints.get(operationId));
    Operation operation = endpoint.operation();
    route
        .setDoValidation(false)
        .setDoSecurity(false)
        .addHandler(context -> authorize(context, operation, endpoint));
    if (METHODS_WITH_BODY.contains(operation.method())) {
      route.addHandler(bodies(operation)).addHandler(Params::readBody);
    } else {
      route.addHandler(GamendApi::skipBody);
    }
    route.addHandler(endpoint::serve);
  }

  private static void authorize(RoutingContext context, Operation operation, Endpoint endpoint) {
    RequestInfo.of(context).route(operation.path());
    endpoint.authorize(context, context::next);
  }

  private static void skipBody(RoutingContext context) {
    RequestBodyHandler.skip(context);
    context.next();
  }

  private Handler<RoutingContext> bodies(Operation operation) {
    return operation.id().equals(AdminGameRoutes.DEPLOY)
        ? new RawBodyHandler(bodyLimits.bytesMax(operation))
        : new RequestBodyHandler(bodyLimits.bytesMax(operation));
  }

  @Override
  public boolean isHealthCheck(String path) {
    return path.equals(HEALTH);
  }

  /** The files of the page that shows the API document are exempt. */
  @Override
  public boolean isExempt(String path) {
    return path.startsWith(ApiDocsRoutes.PAGE + "/");
  }

  private Future<Response> health(ApiRequest request) {
    return Future.succeededFuture(
        Response.ok(
            new JsonObject().put("status", "ok").put("timestamp", MICROS.format(clock.instant()))));
  }
}
