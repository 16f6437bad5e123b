package dev.rookery.protocol.gamend;

import dev.rookery.base.Refused;
import dev.rookery.console.AccessKey;
import dev.rookery.console.KeyCommand;
import dev.rookery.console.Permission;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Access keys: list, create, rotate, revoke. */
final class AdminKeyRoutes {
  private static final Duration OVERLAP = Duration.ofDays(1);

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_list_keys", this::list);
    routes.put("admin_create_key", this::create);
    routes.put("admin_rotate_key", this::rotate);
    routes.put("admin_revoke_key", this::revoke);
  }

  private Future<Response> list(ApiRequest request) {
    boolean personal = request.requiredSession().may(Permission.PLAYERS_PERSONAL);
    return request
        .ask(new KeyCommand.ListKeys())
        .map(
            keys -> {
              var data = new JsonArray();
              keys.forEach(key -> data.add(view(key, personal)));
              return Response.ok(JsonObject.of("data", data));
            });
  }

  private Future<Response> create(ApiRequest request) {
    Input in = request.input();
    return request
        .ask(
            new KeyCommand.Create(
                request.player(),
                in.textOrEmpty("name"),
                AdminRoleRoutes.permissions(in.list("permissions")),
                networks(in.any("networks")),
                Boolean.TRUE.equals(in.flag("dangerous")),
                in.id("expires")))
        .map(AdminKeyRoutes::created);
  }

  private static List<String> networks(@Nullable Object given) {
    var texts = new ArrayList<String>();
    for (Object value : given instanceof List<?> values ? values : List.of()) {
      if (!(value instanceof String text)) {
        throw Refused.invalid("networks", "must be texts");
      }
      texts.add(text);
    }
    return texts;
  }

  private Future<Response> rotate(ApiRequest request) {
    Input in = request.input();
    Long overlap = in.number("overlap_seconds");
    long overlapMs =
        overlap == null
            ? OVERLAP.toMillis()
            : Math.clamp(overlap, -1, Integer.MAX_VALUE) * Duration.ofSeconds(1).toMillis();
    return request
        .ask(
            new KeyCommand.Rotate(
                request.player(), in.textOrEmpty("key"), overlapMs, in.id("expires")))
        .map(AdminKeyRoutes::created);
  }

  private static Response created(AccessKey.Created created) {
    return Response.ok(
        JsonObject.of("data", view(created.key(), true).put("secret", created.secret())));
  }

  private Future<Response> revoke(ApiRequest request) {
    return request
        .ask(new KeyCommand.Revoke(request.input().textOrEmpty("key")))
        .map(Response::empty);
  }

  private static JsonObject view(AccessKey key, boolean personal) {
    var permissions = new JsonArray();
    key.permissions().forEach(permission -> permissions.add(permission.text()));
    Long oldUntil = key.oldUntilMs();
    return new JsonObject()
        .put("id", key.id())
        .put("name", key.name())
        .put("user_id", key.maker().value())
        .put("permissions", permissions)
        .put("networks", personal ? new JsonArray(key.networks()) : new JsonArray())
        .put("dangerous", key.dangerous())
        .put("created_at", Views.time(key.createdMs()))
        .put("expires_at", Views.time(key.expiresMs()))
        .put("old_secret_until", oldUntil == null ? null : Views.time(oldUntil))
        .put("used_at", key.usedMs() == 0 ? null : Views.time(key.usedMs()))
        .put("used_address", personal ? key.usedAddress() : "")
        .put("calls_today", key.callsToday())
        .put("calls_of_month", key.callsOfMonth());
  }
}
