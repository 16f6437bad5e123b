package dev.rookery.protocol.gamend;

import dev.rookery.edge.HttpErrors;
import dev.rookery.edge.RequestBodyHandler;
import dev.rookery.edge.RequestInfo;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Serves a POST whose body names another method, in its field {@code _method}, as a request with
 * that method; for clients that cannot send others. Every other POST goes on to its own route.
 */
final class MethodOverride {
  private static final String METHOD_FIELD = "_method";
  private static final String OVERRIDES = MethodOverride.class.getName();
  private static final Set<String> METHODS = Set.of("PUT", "PATCH", "DELETE");

  private final Map<String, Endpoint> endpoints = new HashMap<>();

  /** The operations that a POST may mean, whatever its body says. */
  private final PathTemplates templates = new PathTemplates();

  private final RequestBodyHandler bodies;

  /**
   * @param endpoints of all operations, in the order of the API document
   * @param bodyBytesMax the maximum size of a body that may name a method
   */
  MethodOverride(Collection<Endpoint> endpoints, int bodyBytesMax) {
    for (Endpoint endpoint : endpoints) {
      Operation operation = endpoint.operation();
      if (operation.method().equals(HttpMethod.POST) || isOverride(operation)) {
        this.endpoints.put(operation.id(), endpoint);
        templates.add(operation);
      }
    }
    this.bodies = new RequestBodyHandler(bodyBytesMax);
  }

  private static boolean isOverride(Operation operation) {
    return METHODS.contains(operation.method().name());
  }

  /** Mounts it in front of the routes of the operations. */
  void mount(Router router, String paths) {
    router
        .post(paths)
        .setName("none")
        .handler(this::findOverrides)
        .handler(context -> ifOverridden(context, bodies))
        .handler(context -> ifOverridden(context, Params::readBody))
        .handler(context -> ifOverridden(context, this::serve));
  }

  /**
   * Finds the operations that a POST to this path may mean. When each of them needs a token, it is
   * checked before the body is read.
   */
  private void findOverrides(RoutingContext context) {
    var overrides = new LinkedHashMap<Operation, Endpoint>();
    boolean needsToken = true;
    for (Operation operation : templates.find(context.normalizedPath())) {
      needsToken &=
          operation.access() == Operation.Access.REQUIRED
              || operation.access() == Operation.Access.ADMIN;
      if (isOverride(operation)) {
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

  private void serve(RoutingContext context) {
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
}
