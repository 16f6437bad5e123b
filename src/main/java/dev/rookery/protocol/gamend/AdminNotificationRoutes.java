package dev.rookery.protocol.gamend;

import dev.rookery.base.Limits;
import dev.rookery.base.NotificationId;
import dev.rookery.base.PlayerId;
import dev.rookery.notification.NotificationCommand;
import io.vertx.core.Future;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Notifications of all players, for admins (Gamend HTTP contract, section 17.6). */
final class AdminNotificationRoutes {
  private final Limits limits;

  AdminNotificationRoutes(Limits limits) {
    this.limits = limits;
  }

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_list_notifications", this::list);
    routes.put("admin_create_notification", this::create);
    routes.put("admin_delete_notification", this::delete);
  }

  private Future<Response> list(ApiRequest request) {
    var in = request.input();
    var filter =
        new NotificationCommand.Filter(
            player(in, "user_id"), player(in, "sender_id"), in.text("title"));
    return request
        .ask(new NotificationCommand.ListAll(filter, request.page(limits.pageSizeMax())))
        .map(page -> Response.ok(Views.page(page, NotificationRoutes::view)));
  }

  private static @Nullable PlayerId player(Input in, String name) {
    Long id = in.number(name);
    return id == null ? null : new PlayerId(id);
  }

  private Future<Response> create(ApiRequest request) {
    var in = request.input();
    @Nullable Map<String, Object> metadata = in.object("metadata");
    return request
        .ask(
            new NotificationCommand.Create(
                request.player(),
                new PlayerId(in.id("sender_id")),
                new PlayerId(in.id("recipient_id")),
                in.textOrEmpty("title"),
                in.textOrEmpty("content"),
                metadata == null ? Map.of() : metadata,
                request.idempotencyKey()))
        .map(notification -> Response.created(NotificationRoutes.view(notification)));
  }

  private Future<Response> delete(ApiRequest request) {
    return request
        .ask(new NotificationCommand.DeleteAny(new NotificationId(request.input().id("id"))))
        .map(Response::empty);
  }
}
