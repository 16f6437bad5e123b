package dev.rookery.protocol.gamend;

import dev.rookery.base.Limits;
import dev.rookery.base.NotificationId;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.friend.FriendCommand;
import dev.rookery.notification.Notification;
import dev.rookery.notification.NotificationCommand;
import dev.rookery.notification.NotificationKind;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The player's notifications (Gamend HTTP contract, section 13). */
final class NotificationRoutes {
  private static final ErrorShape MISSING_RECIPIENT = ErrorShape.of(400, "missing_recipient");

  private final Bus bus;
  private final Limits limits;

  NotificationRoutes(Bus bus, Limits limits) {
    this.bus = bus;
    this.limits = limits;
  }

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("list_notifications", this::list);
    routes.put("send_notification", this::send);
    routes.put("delete_notifications", this::delete);
    routes.put("mark_notification_read", this::markRead);
    routes.put("get_notification_settings", this::showSettings);
    routes.put("update_notification_settings", this::changeSettings);
  }

  private Future<Response> list(ApiRequest request) {
    return bus.ask(
            new NotificationCommand.ListPage(request.player(), request.page(limits.pageSizeMax())))
        .map(page -> Response.ok(view(page)));
  }

  /** The contract counts one page even if there are no notifications. */
  private static JsonObject view(Page<Notification> page) {
    JsonObject view = Views.page(page, NotificationRoutes::view);
    if (page.total() == 0) {
      view.getJsonObject("meta").put("total_pages", 1);
    }
    return view;
  }

  static JsonObject view(Notification notification) {
    return Views.notification(notification).put("read", notification.read());
  }

  private Future<Response> send(ApiRequest request) {
    var in = request.input();
    Long recipient =
        in.number("user_id") == null ? in.number("recipient_id") : in.number("user_id");
    if (recipient == null) {
      throw new InvalidRequest(MISSING_RECIPIENT, Map.of());
    }
    @Nullable Map<String, Object> metadata = in.object("metadata");
    return bus.ask(
            new FriendCommand.Notify(
                request.player(),
                new PlayerId(recipient),
                in.textOrEmpty("title"),
                in.textOrEmpty("content"),
                metadata == null ? Map.of() : metadata,
                request.idempotencyKey()))
        .map(notification -> Response.created(view(notification)));
  }

  /** Values that are no ids are skipped, as the contract has it. */
  private Future<Response> delete(ApiRequest request) {
    List<NotificationId> ids =
        request.input().list("ids").stream()
            .flatMap(value -> value == null ? Stream.of() : idOf(value))
            .distinct()
            .toList();
    return bus.ask(new NotificationCommand.Delete(request.player(), ids))
        .map(deleted -> Response.ok(JsonObject.of("deleted", deleted)));
  }

  private static Stream<NotificationId> idOf(Object value) {
    return Stream.ofNullable(FieldType.parseInteger(value)).map(NotificationId::new);
  }

  private Future<Response> showSettings(ApiRequest request) {
    return bus.ask(new NotificationCommand.ListMuted(request.player()))
        .map(NotificationRoutes::settings);
  }

  private Future<Response> changeSettings(ApiRequest request) {
    List<NotificationKind> muted =
        request.input().list("muted").stream().map(NotificationRoutes::kind).distinct().toList();
    return bus.ask(new NotificationCommand.Mute(request.player(), muted)).map(_ -> settings(muted));
  }

  private static NotificationKind kind(Object name) {
    return Stream.of(NotificationKind.values())
        .filter(kind -> name(kind).equals(name))
        .findFirst()
        .orElseThrow(() -> Refused.invalid("muted", "has an unknown kind"));
  }

  private static String name(NotificationKind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  private static Response settings(List<NotificationKind> muted) {
    List<String> kinds =
        Stream.of(NotificationKind.values())
            .filter(NotificationKind::canBeMuted)
            .map(NotificationRoutes::name)
            .toList();
    return Response.ok(
        new JsonObject()
            .put("muted", new JsonArray(muted.stream().map(NotificationRoutes::name).toList()))
            .put("kinds", new JsonArray(kinds)));
  }

  private Future<Response> markRead(ApiRequest request) {
    var id = new NotificationId(request.input().id("id"));
    return bus.ask(new NotificationCommand.MarkRead(request.player(), id))
        .map(notification -> Response.ok(view(notification)));
  }
}
