package dev.rookery.protocol.gamend;

import dev.rookery.base.Limits;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.notification.Broadcast;
import dev.rookery.notification.Broadcast.Audience;
import dev.rookery.notification.Broadcast.Variant;
import dev.rookery.notification.BroadcastCommand;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Notifications of admins to many players. They begin at once, unless a time is given. */
final class AdminBroadcastRoutes {
  private static final String RECIPIENTS = "recipients";
  private static final String VARIANTS = "variants";

  private final Limits limits;

  AdminBroadcastRoutes(Limits limits) {
    this.limits = limits;
  }

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_list_broadcasts", this::list);
    routes.put("admin_create_broadcast", this::create);
    routes.put("admin_get_broadcast", this::show);
    routes.put("admin_cancel_broadcast", this::cancel);
  }

  private Future<Response> list(ApiRequest request) {
    int size = request.page(limits.pageSizeMax()).size();
    return request
        .ask(new BroadcastCommand.ListBroadcasts(request.input().number("before"), size))
        .map(
            found -> {
              var data = new JsonArray();
              found.forEach(one -> data.add(view(one)));
              return Response.ok(JsonObject.of("data", data));
            });
  }

  private Future<Response> create(ApiRequest request) {
    var in = request.input();
    Long sender = in.number("sender_id");
    @Nullable Map<String, Object> metadata = in.object("metadata");
    return request
        .ask(
            new BroadcastCommand.Create(
                request.player(),
                sender == null ? request.player() : new PlayerId(sender),
                Audience.valueOf(in.textOrEmpty("audience").toUpperCase(Locale.ROOT)),
                recipients(in.any(RECIPIENTS)),
                in.textOrEmpty("title"),
                in.textOrEmpty("content"),
                metadata == null ? Map.of() : metadata,
                variants(in.object(VARIANTS)),
                in.number("starts_at"),
                0,
                request.idempotencyKey()))
        .map(created -> Response.created(JsonObject.of("data", view(created))));
  }

  private static List<Long> recipients(@Nullable Object given) {
    if (given == null) {
      return List.of();
    }
    if (!(given instanceof List<?> list)
        || list.stream().anyMatch(id -> id == null || FieldType.parseInteger(id) == null)) {
      throw Refused.invalid(RECIPIENTS, "are not an array of ids");
    }
    return list.stream().map(id -> FieldType.LONG.cast(id)).map(Long.class::cast).toList();
  }

  private static Map<String, Variant> variants(@Nullable Map<String, Object> given) {
    var variants = new LinkedHashMap<String, Variant>();
    if (given != null) {
      given.forEach(
          (language, value) -> {
            if (!(value instanceof Map<?, ?> texts)
                || !(texts.get("title") instanceof String title)) {
              throw Refused.invalid(VARIANTS, language + " has no title");
            }
            variants.put(
                language,
                new Variant(title, texts.get("content") instanceof String content ? content : ""));
          });
    }
    return variants;
  }

  private Future<Response> show(ApiRequest request) {
    long id = request.input().id("id");
    return request
        .ask(new BroadcastCommand.Find(id))
        .compose(
            found ->
                request
                    .ask(new BroadcastCommand.CountRead(id))
                    .map(
                        read -> Response.ok(JsonObject.of("data", view(found).put("read", read)))));
  }

  private Future<Response> cancel(ApiRequest request) {
    return request
        .ask(new BroadcastCommand.Cancel(request.input().id("id")))
        .map(cancelled -> Response.ok(JsonObject.of("data", view(cancelled))));
  }

  private static JsonObject view(Broadcast broadcast) {
    var variants = new JsonObject();
    broadcast
        .variants()
        .forEach(
            (language, variant) ->
                variants.put(
                    language,
                    JsonObject.of("title", variant.title(), "content", variant.content())));
    return new JsonObject()
        .put("id", broadcast.id())
        .put("admin_id", broadcast.admin().value())
        .put("sender_id", broadcast.sender().value())
        .put("audience", broadcast.audience().text())
        .put("title", broadcast.title())
        .put("content", broadcast.content())
        .put("metadata", new JsonObject(broadcast.metadata()))
        .put(VARIANTS, variants)
        .put("state", broadcast.state().text())
        .put("total", broadcast.counts().total())
        .put("reached", broadcast.counts().reached())
        .put("delivered", broadcast.counts().delivered())
        .put("starts_at", Views.time(broadcast.startsMs()))
        .put("inserted_at", Views.time(broadcast.createdMs()))
        .put("ended_at", broadcast.endedMs() == 0 ? null : Views.time(broadcast.endedMs()));
  }
}
