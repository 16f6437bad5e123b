package dev.rookery.protocol.gamend;

import dev.rookery.base.Limits;
import dev.rookery.bus.Bus;
import dev.rookery.edge.HttpErrors;
import dev.rookery.edge.Protocol;
import dev.rookery.edge.RequestBodyHandler;
import dev.rookery.edge.RequestInfo;
import dev.rookery.session.Sessions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.contract.OpenAPIContract;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Serves the REST API of Gamend clients. The routes are mounted from the API document: each of its
 * operations has exactly one route, and nothing else is routed under {@code /api/v1}.
 */
public final class GamendApi implements Protocol {
  private static final String API_PATHS = "/api/v1/*";
  private static final String METHOD_FIELD = "_method";
  private static final Set<String> METHODS = Set.of("PUT", "PATCH", "DELETE");
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final Vertx vertx;
  private final OpenAPIContract routerContract;
  private final Map<Operation, Endpoint> endpoints = new LinkedHashMap<>();
  private final ApiDocsRoutes docs;
  private final RequestBodyHandler bodies;
  private final InstantSource clock;

  private GamendApi(
      Vertx vertx,
      ApiDocument document,
      OpenAPIContract routerContract,
      Bus bus,
      Sessions sessions,
      Limits limits,
      boolean everybodySearchesByEmail,
      InstantSource clock,
      Supplier<String> publicUrl,
      String version,
      int bodyBytesMax) {
    this.vertx = vertx;
    this.routerContract = routerContract;
    this.clock = clock;
    this.docs = new ApiDocsRoutes(() -> document.forClients(publicUrl.get(), version));
    this.bodies = new RequestBodyHandler(bodyBytesMax);
    var routes = routes(bus, sessions, limits, everybodySearchesByEmail);
    for (Operation operation : document.operations()) {
      Endpoint.Route route = routes.remove(operation.id());
      if (route == null) {
        throw new IllegalStateException("no route for the operation " + operation.id());
      }
      endpoints.put(operation, new Endpoint(operation, sessions, route));
    }
    if (!routes.isEmpty()) {
      throw new IllegalStateException("routes without an operation: " + routes.keySet());
    }
  }

  /**
   * Loads the API document and creates the routes. Fails if the document is not valid OpenAPI, an
   * operation has no route, or a route has no operation.
   *
   * @param everybodySearchesByEmail whether others than admins find players by email address
   * @param publicUrl supplies the URL of this server; called after it listens
   * @param bodyBytesMax the maximum size of a request body
   */
  public static Future<GamendApi> create(
      Vertx vertx,
      Bus bus,
      Sessions sessions,
      Limits limits,
      boolean everybodySearchesByEmail,
      InstantSource clock,
      Supplier<String> publicUrl,
      String version,
      int bodyBytesMax) {
    ApiDocument document = ApiDocument.load();
    return document
        .forRouter(vertx)
        .map(
            routerContract ->
                new GamendApi(
                    vertx,
                    document,
                    routerContract,
                    bus,
                    sessions,
                    limits,
                    everybodySearchesByEmail,
                    clock,
                    publicUrl,
                    version,
                    bodyBytesMax));
  }

  private Map<String, Endpoint.Route> routes(
      Bus bus, Sessions sessions, Limits limits, boolean everybodySearchesByEmail) {
    var routes = new HashMap<String, Endpoint.Route>();
    routes.put("index", this::health);
    new AuthRoutes(bus, sessions).register(routes);
    new UserRoutes(bus, limits, everybodySearchesByEmail).register(routes);
    new MeRoutes(bus).register(routes);
    new EmailRoutes(bus).register(routes);
    new ProviderRoutes(bus).register(routes);
    new SessionRoutes(bus, limits).register(routes);
    new AdminUserRoutes(bus, limits).register(routes);
    new ClusterRoutes(bus).register(routes);
    new FriendRoutes(bus, limits).register(routes);
    new NotificationRoutes(bus, limits).register(routes);
    new LobbyRoutes(bus, limits).register(routes);
    new ChatRoutes(bus, limits).register(routes);
    return routes;
  }

  @Override
  public void mount(Router router) {
    docs.mount(router);
    router
        .route(API_PATHS)
        .method(HttpMethod.POST)
        .method(HttpMethod.PUT)
        .method(HttpMethod.PATCH)
        .method(HttpMethod.DELETE)
        .setName("none")
        .handler(bodies)
        .handler(Params::readBody);
    router.post(API_PATHS).setName("none").handler(this::overrideMethod);
    RouterBuilder builder = RouterBuilder.create(vertx, routerContract);
    endpoints.forEach(
        (operation, endpoint) ->
            builder
                .getRoute(operation.id())
                .setDoValidation(false)
                .setDoSecurity(false)
                .addHandler(context -> serve(context, operation, endpoint)));
    router.route("/*").setName("none").subRouter(builder.createRouter());
  }

  private static void serve(RoutingContext context, Operation operation, Endpoint endpoint) {
    RequestInfo.of(context).route(operation.path());
    endpoint.handle(context);
  }

  /** The files of the page that shows the API document are exempt. */
  @Override
  public boolean isExempt(String path) {
    return path.startsWith(ApiDocsRoutes.PAGE + "/");
  }

  /** Handles a POST whose body names the intended method, for clients that cannot send others. */
  private void overrideMethod(RoutingContext context) {
    if (!(Params.body(context).get(METHOD_FIELD) instanceof String method)
        || !METHODS.contains(method)) {
      context.next();
      return;
    }
    for (var endpoint : endpoints.entrySet()) {
      Operation operation = endpoint.getKey();
      var pathParameters =
          operation.method().name().equals(method)
              ? operation.matchPath(context.normalizedPath())
              : null;
      if (pathParameters != null) {
        context.pathParams().putAll(pathParameters);
        serve(context, operation, endpoint.getValue());
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
