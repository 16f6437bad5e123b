package dev.rookery.protocol.gamend;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.console.AuditEntry;
import dev.rookery.console.ConsoleCommand;
import dev.rookery.console.Grant;
import dev.rookery.console.Permission;
import dev.rookery.console.StoredRole;
import dev.rookery.player.PlayerCommand;
import dev.rookery.session.Session;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The roles of players, and the audit log, for admins. */
final class AdminRoleRoutes {
  private static final int PAGE_SIZE = 50;
  private static final int PAGE_MAX = 500;
  private static final Pattern CURSOR = Pattern.compile("(\\d{1,18})-(\\d{1,18})-(\\d{1,18})");
  private static final ErrorShape INVALID_CURSOR = ErrorShape.of(400, "invalid_cursor");

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_list_admins", this::list);
    routes.put("admin_set_role", this::set);
    routes.put("admin_remove_role", this::remove);
    routes.put("admin_remove_factor", this::removeFactor);
    routes.put("admin_list_roles", this::listRoles);
    routes.put("admin_put_role", this::putRole);
    routes.put("admin_delete_role", this::deleteRole);
    routes.put("admin_list_audit", this::audit);
  }

  private Future<Response> list(ApiRequest request) {
    boolean personal = mayReadPersonal(request);
    return request
        .ask(new ConsoleCommand.ListGrants())
        .map(
            grants -> {
              var data = new JsonArray();
              grants.forEach(grant -> data.add(view(grant, personal)));
              return Response.ok(JsonObject.of("data", data));
            });
  }

  private static boolean mayReadPersonal(ApiRequest request) {
    Session session = request.requiredSession();
    return session.may(Permission.PLAYERS_PERSONAL);
  }

  private static JsonObject view(Grant grant, boolean personal) {
    String email = grant.email();
    PlayerId by = grant.by();
    Long until = grant.untilMs();
    return new JsonObject()
        .put("user_id", grant.player().value())
        .put("display_name", grant.displayName())
        .put("email", email == null || !personal ? "" : email)
        .put("role", grant.role())
        .put("granted_by", by == null ? null : by.value())
        .put("granted_at", Views.time(grant.sinceMs()))
        .put("ends_at", until == null ? null : Views.time(until))
        .put("console_sessions", grant.sessions())
        .put("second_factor", grant.factor());
  }

  private Future<Response> set(ApiRequest request) {
    Input in = request.input();
    String role = in.textOrEmpty("role");
    Long until = in.number("until");
    return request
        .ask(new PlayerCommand.SetRole(request.player(), user(request), role, until))
        .map(
            _ ->
                Response.ok(
                    new JsonObject()
                        .put("user_id", user(request).value())
                        .put("role", role)
                        .put("ends_at", until == null ? null : Views.time(until))));
  }

  private Future<Response> remove(ApiRequest request) {
    return request
        .ask(new PlayerCommand.SetRole(request.player(), user(request), null))
        .map(Response::empty);
  }

  private Future<Response> removeFactor(ApiRequest request) {
    return request
        .ask(new ConsoleCommand.RemoveFactor(request.player(), user(request)))
        .map(Response::empty);
  }

  private Future<Response> listRoles(ApiRequest request) {
    return request
        .ask(new ConsoleCommand.ListRoles())
        .map(
            roles -> {
              var data = new JsonArray();
              roles.forEach(role -> data.add(view(role)));
              return Response.ok(JsonObject.of("data", data));
            });
  }

  private static JsonObject view(StoredRole role) {
    PlayerId by = role.by();
    var permissions = new JsonArray();
    role.template().permissions().forEach(permission -> permissions.add(permission.text()));
    return new JsonObject()
        .put("name", role.template().name())
        .put("built_in", role.template().isBuiltIn())
        .put("permissions", permissions)
        .put("holders", role.holders())
        .put("changed_by", by == null ? null : by.value())
        .put("changed_at", by == null ? null : Views.time(role.changedMs()))
        .put("revision", role.revision());
  }

  private Future<Response> putRole(ApiRequest request) {
    Input in = request.input();
    return request
        .ask(
            new ConsoleCommand.PutRole(
                request.player(),
                in.textOrEmpty("name"),
                permissions(in.list("permissions")),
                in.number("revision")))
        .map(role -> Response.ok(JsonObject.of("data", view(role))));
  }

  /** Reads the names of permissions; an unknown one is invalid. */
  static Set<Permission> permissions(List<?> names) {
    Set<Permission> permissions = EnumSet.noneOf(Permission.class);
    for (Object name : names) {
      permissions.add(
          (name instanceof String text ? Permission.of(text) : Optional.<Permission>empty())
              .orElseThrow(
                  () -> Refused.invalid("permissions", "has one that does not exist: " + name)));
    }
    return permissions;
  }

  private Future<Response> deleteRole(ApiRequest request) {
    return request
        .ask(new ConsoleCommand.DeleteRole(request.player(), request.input().textOrEmpty("name")))
        .map(Response::empty);
  }

  private static PlayerId user(ApiRequest request) {
    return new PlayerId(request.input().id("id"));
  }

  private Future<Response> audit(ApiRequest request) {
    Input in = request.input();
    Long player = in.number("user_id");
    String target = in.text("target");
    boolean personal = mayReadPersonal(request);
    var filter =
        new AuditEntry.Filter(
            player == null ? null : new PlayerId(player),
            in.text("action"),
            target == null ? null : AuditEntry.target(target, personal),
            in.flag("done"),
            null,
            null);
    Integer given = in.integer("page_size");
    int size = Math.clamp(given == null ? PAGE_SIZE : given, 1, PAGE_MAX);
    return request
        .ask(new ConsoleCommand.ListAudit(filter, place(in.text("cursor")), size))
        .map(entries -> Response.ok(view(entries, size, personal)));
  }

  private static AuditEntry.@Nullable Place place(@Nullable String cursor) {
    if (cursor == null) {
      return null;
    }
    Matcher matcher = CURSOR.matcher(cursor);
    if (!matcher.matches()) {
      throw new InvalidRequest(INVALID_CURSOR, Map.of());
    }
    return new AuditEntry.Place(
        Long.parseLong(matcher.group(1)),
        Long.parseLong(matcher.group(2)),
        Long.parseLong(matcher.group(3)));
  }

  private static JsonObject view(List<AuditEntry> entries, int size, boolean personal) {
    var data = new JsonArray();
    entries.forEach(entry -> data.add(view(entry, personal)));
    String cursor = null;
    if (entries.size() == size) {
      AuditEntry.Place last = entries.getLast().place();
      cursor = last.atMs() + "-" + last.run() + "-" + last.number();
    }
    return new JsonObject().put("data", data).put("cursor", cursor);
  }

  private static JsonObject view(AuditEntry entry, boolean personal) {
    PlayerId player = entry.player();
    return new JsonObject()
        .put("run", entry.run())
        .put("number", entry.number())
        .put("at", Views.time(entry.atMs()))
        .put("actor", entry.actor())
        .put("user_id", player == null ? null : player.value())
        .put("key_id", entry.keyId())
        .put("address", personal ? entry.address() : "")
        .put("permission", entry.permission())
        .put("action", entry.action())
        .put("target", entry.target(personal))
        .put("reason", entry.reason())
        .put("details", new JsonObject(entry.details()))
        .put("request_id", entry.requestId())
        .put("result", entry.result())
        .put("hash", entry.hash());
  }
}
