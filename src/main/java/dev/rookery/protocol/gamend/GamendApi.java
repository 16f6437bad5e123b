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
 * The REST routes of Gamend clients, mounted from the API document: each of its operations has a
 * route here, and nothing else has one under {@code /api/v1}.
 */
public final class GamendApi implements Protocol {
  private static final String ALL = "/api/v1/*";
  private static final String OVERRIDE = "_method";
  private static final Set<String> OVERRIDES = Set.of("PUT", "PATCH", "DELETE");
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final Vertx vertx;
  private final OpenAPIContract routed;
  private final Map<Operation, Endpoint> endpoints = new LinkedHashMap<>();
  private final ApiDocsRoutes docs;
  private final RequestBodyHandler bodies;
  private final InstantSource clock;

  private GamendApi(
      Vertx vertx,
      ApiDocument contract,
      OpenAPIContract routed,
      Bus bus,
      Sessions sessions,
      Limits limits,
      InstantSource clock,
      Supplier<String> publicUrl,
      String version,
      int bodyBytesMax) {
    this.vertx = vertx;
    this.routed = routed;
    this.clock = clock;
    this.docs = new ApiDocsRoutes(() -> contract.served(publicUrl.get(), version));
    this.bodies = new RequestBodyHandler(bodyBytesMax);
    var routes = routes(bus, sessions, limits);
    for (Operation operation : contract.operations()) {
      Endpoint.Route route = routes.remove(operation.id());
      if (route == null) {
        throw new IllegalStateException("nothing serves operation " + operation.id());
      }
      endpoints.put(operation, new Endpoint(operation, sessions, route));
    }
    if (!routes.isEmpty()) {
      throw new IllegalStateException("not in the API document: " + routes.keySet());
    }
  }

  /**
   * Reads the document and has it checked. Fails when it is not good OpenAPI, or when an operation
   * has no route or a route no operation.
   *
   * @param publicUrl where clients reach this server; asked once it listens
   * @param bodyBytesMax of request bodies
   */
  public static Future<GamendApi> create(
      Vertx vertx,
      Bus bus,
      Sessions sessions,
      Limits limits,
      InstantSource clock,
      Supplier<String> publicUrl,
      String version,
      int bodyBytesMax) {
    ApiDocument contract = ApiDocument.read();
    return contract
        .routed(vertx)
        .map(
            routed ->
                new GamendApi(
                    vertx,
                    contract,
                    routed,
                    bus,
                    sessions,
                    limits,
                    clock,
                    publicUrl,
                    version,
                    bodyBytesMax));
  }

  private Map<String, Endpoint.Route> routes(Bus bus, Sessions sessions, Limits limits) {
    var routes = new HashMap<String, Endpoint.Route>();
    routes.put("index", this::health);
    new AuthRoutes(bus, sessions).into(routes);
    new UserRoutes(bus, limits).into(routes);
    new MeRoutes(bus).into(routes);
    new EmailRoutes(bus).into(routes);
    new ProviderRoutes(bus).into(routes);
    new SessionRoutes(bus, limits).into(routes);
    new AdminUserRoutes(bus, limits).into(routes);
    new ClusterRoutes(bus).into(routes);
    new LobbyRoutes(bus, limits).into(routes);
    new ChatRoutes(bus, limits).into(routes);
    return routes;
  }

  @Override
  public void mount(Router router) {
    docs.mount(router);
    router
        .route(ALL)
        .method(HttpMethod.POST)
        .method(HttpMethod.PUT)
        .method(HttpMethod.PATCH)
        .method(HttpMethod.DELETE)
        .setName("none")
        .handler(bodies)
        .handler(Params::readBody);
    router.post(ALL).setName("none").handler(this::override);
    RouterBuilder builder = RouterBuilder.create(vertx, routed);
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

  /** The files of the docs page. */
  @Override
  public boolean isExempt(String path) {
    return path.startsWith(ApiDocsRoutes.PAGE + "/");
  }

  /** For clients that can only GET and POST: the method they mean is in the body. */
  private void override(RoutingContext context) {
    if (!(Params.body(context).get(OVERRIDE) instanceof String meant)
        || !OVERRIDES.contains(meant)) {
      context.next();
      return;
    }
    for (var endpoint : endpoints.entrySet()) {
      Operation operation = endpoint.getKey();
      var values =
          operation.method().name().equals(meant)
              ? operation.match(context.normalizedPath())
              : null;
      if (values != null) {
        context.pathParams().putAll(values);
        serve(context, operation, endpoint.getValue());
        return;
      }
    }
    HttpErrors.respond(context, 404);
  }

  private Future<Response> health(ApiRequest call) {
    return Future.succeededFuture(
        Response.ok(
            new JsonObject().put("status", "ok").put("timestamp", MICROS.format(clock.instant()))));
  }
}
