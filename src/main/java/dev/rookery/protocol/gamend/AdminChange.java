package dev.rookery.protocol.gamend;

import dev.rookery.console.AccessKey;
import dev.rookery.console.Actor;
import dev.rookery.console.AuditedChange;
import dev.rookery.console.Permission;
import dev.rookery.edge.RequestInfo;
import dev.rookery.session.Session;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Describes the requests of admins for the audit log. */
final class AdminChange {
  private static final String PREFIX = "/api/v1/admin/";

  private AdminChange() {}

  /**
   * The change that a request asks for. Its target is what follows the prefix of admin routes.
   *
   * @param permission null if every admin may do it
   * @param input null if it was not read
   */
  static AuditedChange of(
      RoutingContext context,
      Operation operation,
      Session session,
      @Nullable Permission permission,
      @Nullable Input input) {
    Actor actor = actor(context, session, permission, "");
    String path = context.normalizedPath();
    String target = path.startsWith(PREFIX) ? path.substring(PREFIX.length()) : path;
    Map<String, @Nullable Object> values = input == null ? Map.of() : new HashMap<>(input.all());
    return new AuditedChange(actor, operation.id(), target, values);
  }

  /** The admin who makes a request. */
  static Actor actor(ApiRequest request, Permission permission) {
    return actor(request, permission, "");
  }

  /** The admin who makes a request, with their reason. */
  static Actor actor(ApiRequest request, Permission permission, String reason) {
    return actor(request.context(), request.requiredSession(), permission, reason);
  }

  private static Actor actor(
      RoutingContext context, Session session, @Nullable Permission permission, String reason) {
    RequestInfo info = RequestInfo.of(context);
    AccessKey.Rights key = session.key();
    return new Actor(
        key == null ? Actor.Kind.API : Actor.Kind.KEY,
        session.player(),
        session.id().value(),
        info.clientAddress(),
        info.requestId(),
        permission,
        key == null ? null : key.role().permissions(),
        reason);
  }
}
