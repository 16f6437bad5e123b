package dev.rookery.protocol.gamend;

import dev.rookery.base.Limits;
import dev.rookery.bus.Bus;
import dev.rookery.bus.ReadOnlyScope;
import dev.rookery.console.AccessKeys;
import dev.rookery.console.AdminLists;
import dev.rookery.edge.HttpErrors;
import dev.rookery.edge.Protocol;
import dev.rookery.edge.RawBodyHandler;
import dev.rookery.edge.RequestBodyHandler;
import dev.rookery.edge.RequestInfo;
import dev.rookery.extensionhost.ExtensionHost;
import dev.rookery.script.ScriptCommand;
import dev.rookery.session.Sessions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.OpenAPIRoute;
import io.vertx.openapi.contract.OpenAPIContract;
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
  private static final String METHOD_FIELD = "_method";
  private static final String OVERRIDES = GamendApi.class.getName();
  private static final Set<String> METHODS = Set.of("PUT", "PATCH", "DELETE");
  private static final Set<HttpMethod> METHODS_WITH_BODY =
      Set.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE);

  /** Bytes of half a character, or a whole one of the first plane, that is written as an escape. */
  private static final int ESCAPED_BYTES = 6;

  private static final int OTHER_FIELDS_BYTES = 16 << 10;
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final Vertx vertx;
  private final OpenAPIContract routerContract;
  private final Map<String, Endpoint> endpoints = new LinkedHashMap<>();

  /** The operations that a POST may mean, whatever its body says. */
  private final PathTemplates overridable = new PathTemplates();

  private final ApiDocsRoutes docs;
  private final Limits limits;
  private final int kvValueBytesMax;
  private final int bodyBytesMax;
  private final int jarBytesMax;
  private final RequestBodyHandler overrideBodies;
  private final InstantSource clock;

  private GamendApi(
      Vertx vertx,
      ApiDocument document,
      OpenAPIContract routerContract,
      Bus bus,
      Sessions sessions,
      KeyAuthentication keys,
      Limits limits,
      int kvValueBytesMax,
      boolean everybodySearchesByEmail,
      ExtensionHost extensions,
      AdminLists lists,
      InstantSource clock,
      Supplier<String> publicUrl,
      String version,
      int bodyBytesMax) {
    this.vertx = vertx;
    this.routerContract = routerContract;
    this.clock = clock;
    this.docs = new ApiDocsRoutes(() -> document.forClients(publicUrl.get(), version));
    this.limits = limits;
    this.kvValueBytesMax = kvValueBytesMax;
    this.bodyBytesMax = bodyBytesMax;
    this.jarBytesMax = extensions.settings().jarBytesMax();
    Bus readOnly = bus.in(ReadOnlyScope.SCOPE);
    var routes =
        routes(bus, sessions, limits, everybodySearchesByEmail, extensions, lists, publicUrl);
    // Of their own, because a route goes on with its own bus after it has waited.
    var views =
        routes(readOnly, sessions, limits, everybodySearchesByEmail, extensions, lists, publicUrl);
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
              new Endpoint.Served(bus, route),
              new Endpoint.Served(readOnly, Objects.requireNonNull(views.get(operation.id())))));
      if (operation.method().equals(HttpMethod.POST)
          || METHODS.contains(operation.method().name())) {
        overridable.add(operation);
      }
    }
    if (!routes.isEmpty()) {
      throw new IllegalStateException("routes without an operation: " + routes.keySet());
    }
    this.overrideBodies =
        new RequestBodyHandler(
            endpoints.values().stream()
                .map(Endpoint::operation)
                // Only JSON can name another method.
                .filter(operation -> !isUpload(operation))
                .mapToInt(this::bodyBytesMax)
                .max()
                .orElse(RequestBodyHandler.BYTES_MAX));
  }

  /**
   * Loads the API document and creates the routes. Fails if the document is not valid OpenAPI, an
   * operation has no route, or a route has no operation.
   *
   * @param keyRequestsPerMinute of one access key on this node; 0 for no limit
   * @param kvValueBytesMax the maximum size of the value of a key-value entry
   * @param everybodySearchesByEmail whether others than admins find players by email address
   * @param extensions whose functions clients call
   * @param lists of the console
   * @param publicUrl supplies the URL of this server; called after it listens
   * @param bodyBytesMax the maximum size of a request body
   */
  public static Future<GamendApi> create(
      Vertx vertx,
      Bus bus,
      Sessions sessions,
      AccessKeys keys,
      int keyRequestsPerMinute,
      Limits limits,
      int kvValueBytesMax,
      boolean everybodySearchesByEmail,
      ExtensionHost extensions,
      AdminLists lists,
      InstantSource clock,
      Supplier<String> publicUrl,
      String version,
      int bodyBytesMax) {
    ApiDocument document = ApiDocument.shared();
    return document
        .forRouter(vertx)
        .compose(
            routerContract ->
                // Its hundreds of routes load their code meanwhile.
                vertx.executeBlocking(
                    () ->
                        new GamendApi(
                            vertx,
                            document,
                            routerContract,
                            bus,
                            sessions,
                            new KeyAuthentication(keys, keyRequestsPerMinute, clock),
                            limits,
                            kvValueBytesMax,
                            everybodySearchesByEmail,
                            extensions,
                            lists,
                            clock,
                            publicUrl,
                            version,
                            bodyBytesMax)));
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
    new AdminListRoutes(bus, lists).register(routes);
    new AdminBulkRoutes(bus, lists).register(routes);
    return routes;
  }

  @Override
  public void mount(Router router) {
    docs.mount(router);
    router
        .post(API_PATHS)
        .setName("none")
        .handler(this::findOverrides)
        .handler(context -> ifOverridden(context, overrideBodies))
        .handler(context -> ifOverridden(context, Params::readBody))
        .handler(context -> ifOverridden(context, this::overrideMethod));
    var api = new ApiRouter(vertx, routerContract, this::addHandlers);
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

  private static boolean isUpload(Operation operation) {
    return operation.id().equals(AdminExtensionRoutes.UPLOAD)
        || operation.id().equals(AdminGameRoutes.DEPLOY)
        || AdminScriptRoutes.isSource(operation.id());
  }

  private Handler<RoutingContext> bodies(Operation operation) {
    return operation.id().equals(AdminGameRoutes.DEPLOY)
        ? new RawBodyHandler(AdminGameRoutes.BYTES_MAX)
        : new RequestBodyHandler(bodyBytesMax(operation));
  }

  /**
   * The maximum size of the body of an operation: 64 KiB, or what its objects and texts need when
   * each of their characters is escaped.
   */
  private int bodyBytesMax(Operation operation) {
    if (operation.id().equals(AdminExtensionRoutes.UPLOAD)) {
      return jarBytesMax;
    }
    if (AdminScriptRoutes.isSource(operation.id())) {
      return ScriptCommand.SOURCE_BYTES_MAX;
    }
    long needed = OTHER_FIELDS_BYTES;
    for (Field field : operation.fields()) {
      needed +=
          switch (field.name()) {
            case "metadata" -> (long) ESCAPED_BYTES * limits.metadataBytesMax();
            case "data" -> (long) ESCAPED_BYTES * kvValueBytesMax;
            case "args" -> (long) ESCAPED_BYTES * HookRoutes.ARGS_BYTES_MAX;
            case "content" -> 2L * ESCAPED_BYTES * limits.chatContentMax();
            default -> 0;
          };
    }
    return (int) Math.min(bodyBytesMax, Math.max(RequestBodyHandler.BYTES_MAX, needed));
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

  /**
   * Finds the operations that a POST may mean whose body names another method, for clients that
   * cannot send others. When each of them needs a token, it is checked before the body is read.
   */
  private void findOverrides(RoutingContext context) {
    var overrides = new LinkedHashMap<Operation, Endpoint>();
    boolean needsToken = true;
    for (Operation operation : overridable.find(context.normalizedPath())) {
      needsToken &=
          operation.access() == Operation.Access.REQUIRED
              || operation.access() == Operation.Access.ADMIN;
      if (METHODS.contains(operation.method().name())) {
        overrides.put(operation, Objects.requireNonNull(endpoints.get(operation.id())));
      }
    }
    if (overrides.isEmpty()) {
      context.next();
      return;
    }
    context.put(OVERRIDES, overrides);
    if (needsToken) {
      leastStrict(overrides).authorize(context, context::next);
    } else {
      context.next();
    }
  }

  private static Endpoint leastStrict(Map<Operation, Endpoint> overrides) {
    return overrides.entrySet().stream()
        .filter(endpoint -> endpoint.getKey().access() == Operation.Access.REQUIRED)
        .findFirst()
        .orElseGet(() -> overrides.entrySet().iterator().next())
        .getValue();
  }

  private static void ifOverridden(RoutingContext context, Handler<RoutingContext> handler) {
    if (context.get(OVERRIDES) == null) {
      context.next();
    } else {
      handler.handle(context);
    }
  }

  private void overrideMethod(RoutingContext context) {
    if (!(Params.body(context).get(METHOD_FIELD) instanceof String method)
        || !METHODS.contains(method)) {
      context.next();
      return;
    }
    Map<Operation, Endpoint> overrides = context.get(OVERRIDES);
    for (var override : overrides.entrySet()) {
      Operation operation = override.getKey();
      var pathParameters =
          operation.method().name().equals(method)
              ? operation.matchPath(context.normalizedPath())
              : null;
      if (pathParameters != null) {
        context.pathParams().putAll(pathParameters);
        RequestInfo.of(context).route(operation.path());
        Endpoint endpoint = override.getValue();
        endpoint.authorize(context, () -> endpoint.serve(context));
        return;
      }
    }
    HttpErrors.respond(context, 404);
  }

  private Future<Response> health(ApiRequest request) {
    return Future.succeededFuture(
        Response.ok(
            new JsonObject().put("status", "ok").put("timestamp", MICROS.format(clock.instant()))));
  }
}
