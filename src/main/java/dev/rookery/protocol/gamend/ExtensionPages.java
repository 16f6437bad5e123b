package dev.rookery.protocol.gamend;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.edge.HttpErrors;
import dev.rookery.edge.Protocol;
import dev.rookery.edge.RequestBodyHandler;
import dev.rookery.edge.RequestInfo;
import dev.rookery.extension.Caller;
import dev.rookery.extension.HttpCall;
import dev.rookery.extension.HttpReply;
import dev.rookery.extensionhost.CallOutcome;
import dev.rookery.extensionhost.CallOutcome.Failed;
import dev.rookery.extensionhost.CallOutcome.Returned;
import dev.rookery.extensionhost.ClientCalls;
import dev.rookery.extensionhost.ExtensionHost;
import dev.rookery.session.Session;
import dev.rookery.session.Sessions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Serves the routes of extensions below {@code /x/<extension>}, and below the paths that the
 * operator gives them. An extension without routes, and a path that none of its routes has, are not
 * found.
 */
public final class ExtensionPages implements Protocol {
  private static final String PREFIX = "/x/";
  private static final String ALL = "/x/*";
  private static final String SESSION = ExtensionPages.class.getName();

  /** Headers that the server sets. */
  private static final Set<String> OWN_HEADERS =
      Set.of("connection", "content-length", "transfer-encoding", "upgrade", "keep-alive");

  /** Headers that are not for extensions: they sign the player in everywhere. */
  private static final Set<String> SECRET_HEADERS = Set.of("authorization", "cookie");

  private final ClientCalls extensions;
  private final Sessions sessions;
  private final List<String> paths;
  private final int bodyBytesMax;

  /**
   * @param paths each with the extension that serves it: {@code /dice=dice}
   */
  public ExtensionPages(
      ExtensionHost extensions, Sessions sessions, List<String> paths, int bodyBytesMax) {
    this.extensions = extensions.clientCalls();
    this.sessions = sessions;
    this.paths = paths;
    this.bodyBytesMax = bodyBytesMax;
  }

  @Override
  public void mount(Router router) {
    mount(router, ALL, ExtensionPages::addressed);
    for (String configured : paths) {
      int end = configured.indexOf('=');
      String path = configured.substring(0, end);
      String extension = configured.substring(end + 1);
      mount(router, path, _ -> new Address(extension, "/"));
      mount(router, path + "/*", full -> new Address(extension, full.substring(path.length())));
    }
  }

  /** What a path leads to. */
  private record Address(String extension, String path) {}

  /** Finds it in a normalized path. */
  private interface Addressing {
    Address of(String path);
  }

  private static Address addressed(String path) {
    int end = path.indexOf('/', PREFIX.length());
    return end < 0
        ? new Address(path.substring(PREFIX.length()), "/")
        : new Address(path.substring(PREFIX.length(), end), path.substring(end));
  }

  private void mount(Router router, String pattern, Addressing addressing) {
    router
        .route(pattern)
        .setName(pattern)
        .handler(context -> authenticate(context, pattern, addressing))
        .handler(new RequestBodyHandler(bodyBytesMax))
        .handler(context -> serve(context, addressing.of(context.normalizedPath())));
  }

  private void authenticate(RoutingContext context, String pattern, Addressing addressing) {
    if (!extensions.servesPages(addressing.of(context.normalizedPath()).extension())) {
      HttpErrors.respond(context, 404);
      return;
    }
    // Another route handles the failure of this one.
    RequestInfo.of(context).route(pattern);
    String token = BearerToken.of(context.request().getHeader(HttpHeaders.AUTHORIZATION));
    if (token == null) {
      context.next();
      return;
    }
    RequestBodyHandler.pause(context);
    sessions
        .authenticate(token)
        .onFailure(
            failure -> {
              RequestBodyHandler.skip(context);
              if (failure instanceof Refused refused
                  && refused.refusal() instanceof Refusal.Unavailable) {
                context.fail(failure);
              } else {
                HttpErrors.respond(context, 401);
              }
            })
        .onSuccess(
            session -> {
              context.put(SESSION, session);
              context.next();
            });
  }

  private void serve(RoutingContext context, Address address) {
    Session session = context.get(SESSION);
    Caller caller = session == null ? null : extensions.caller(session.player());
    Buffer body = context.body() == null ? null : context.body().buffer();
    var call =
        new HttpCall(
            context.request().method().name(),
            address.path(),
            Map.of(),
            first(context.queryParams(), Set.of()),
            first(context.request().headers(), SECRET_HEADERS),
            body == null ? Buffer.buffer() : body,
            caller,
            RequestInfo.of(context).clientAddress());
    extensions
        .http(address.extension(), call)
        .onSuccess(outcome -> respond(context, outcome))
        .onFailure(context::fail);
  }

  private static Map<String, String> first(io.vertx.core.MultiMap all, Set<String> without) {
    var first = new HashMap<String, String>();
    for (var entry : all) {
      String name = without.isEmpty() ? entry.getKey() : entry.getKey().toLowerCase(Locale.ROOT);
      if (!without.contains(name)) {
        first.putIfAbsent(name, entry.getValue());
      }
    }
    return Map.copyOf(first);
  }

  private static void respond(RoutingContext context, CallOutcome outcome) {
    switch (outcome) {
      case Returned(HttpReply reply) -> send(context, reply);
      case Failed(var failure) ->
          HttpErrors.respond(
              context,
              switch (failure) {
                case EXTENSION_NOT_FOUND, MISSING_HOOKS_MODULE, NOT_IMPLEMENTED -> 404;
                case TIMEOUT -> 504;
                case BUSY -> 503;
                case EXCEPTION, UNENCODABLE -> 500;
              });
      default -> HttpErrors.respond(context, 500);
    }
  }

  private static void send(RoutingContext context, HttpReply reply) {
    HttpServerResponse response = context.response();
    if (response.closed()) {
      return;
    }
    response.setStatusCode(reply.status()).putHeader("x-content-type-options", "nosniff");
    reply
        .headers()
        .forEach(
            (name, value) -> {
              if (!OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                response.putHeader(name, value);
              }
            });
    response.end(reply.body()).onFailure(_ -> {});
  }
}
