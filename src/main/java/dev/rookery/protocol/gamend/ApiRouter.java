package dev.rookery.protocol.gamend;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.OpenAPIRoute;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Routes the requests of an API document. The paths of one resource ({@code lobbies}, {@code
 * admin/users}) have a router of their own, which is found by a look-up: a router compares a path
 * with its routes one after another, and with all of the API in one router that took a fifth of the
 * time of a read.
 */
final class ApiRouter implements Handler<RoutingContext> {
  private static final String PREFIX = "/api/v1/";
  private static final String ADMIN = "admin/";

  private final Map<String, Router> resources = new HashMap<>();

  /**
   * Builds the routers.
   *
   * @param routes adds the handlers to the route of the operation with this id
   */
  ApiRouter(Vertx vertx, List<Operation> operations, BiConsumer<String, OpenAPIRoute> routes) {
    var parts = new HashMap<String, List<Operation>>();
    for (Operation operation : operations) {
      parts.computeIfAbsent(resource(operation.path()), _ -> new ArrayList<>()).add(operation);
    }
    parts.forEach(
        (resource, own) -> {
          RouterBuilder builder = RouterBuilder.create(vertx, ContractPart.of(own));
          own.forEach(operation -> routes.accept(operation.id(), builder.getRoute(operation.id())));
          resources.put(resource, builder.createRouter());
        });
  }

  @Override
  public void handle(RoutingContext context) {
    Router router = resources.get(resource(context.normalizedPath()));
    if (router == null) {
      context.next();
    } else {
      router.handleContext(context);
    }
  }

  /** Handles the failure of a request that one of the routers has handled. */
  void handleFailure(RoutingContext context) {
    Router router = resources.get(resource(context.normalizedPath()));
    if (router == null) {
      context.next();
    } else {
      router.handleFailure(context);
    }
  }

  /** The resource that a path is about; empty for paths outside the API. */
  private static String resource(String path) {
    if (!path.startsWith(PREFIX)) {
      return "";
    }
    int start = PREFIX.length();
    int end = path.startsWith(ADMIN, start) ? start + ADMIN.length() : start;
    end = path.indexOf('/', end);
    return end < 0 ? path.substring(start) : path.substring(start, end);
  }
}
