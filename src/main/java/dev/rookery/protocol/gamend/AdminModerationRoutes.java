package dev.rookery.protocol.gamend;

import dev.rookery.base.Limits;
import dev.rookery.base.MessageId;
import dev.rookery.base.PlayerId;
import dev.rookery.chat.ChatCase;
import dev.rookery.chat.ChatCase.Decision;
import dev.rookery.chat.ChatMute;
import dev.rookery.chat.ChatReport;
import dev.rookery.chat.Conversation;
import dev.rookery.chat.ModerationCommand;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What players have reported, what admins decide about it, and mutes. */
final class AdminModerationRoutes {
  private final Limits limits;

  AdminModerationRoutes(Limits limits) {
    this.limits = limits;
  }

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_list_chat_reports", this::list);
    routes.put("admin_get_chat_report", this::show);
    routes.put("admin_decide_chat_report", this::decide);
    routes.put("admin_list_chat_mutes", this::listMutes);
    routes.put("admin_mute_user", this::mute);
    routes.put("admin_unmute_user", this::unmute);
  }

  private Future<Response> list(ApiRequest request) {
    var in = request.input();
    Long player = in.number("user_id");
    int size = request.page(limits.pageSizeMax()).size();
    return request
        .ask(
            new ModerationCommand.ListCases(
                !"closed".equals(in.text("state")),
                player == null ? null : new PlayerId(player),
                in.number("before"),
                size))
        .map(found -> data(found, AdminModerationRoutes::view));
  }

  private static <T> Response data(List<T> found, Function<T, JsonObject> view) {
    return Response.ok(JsonObject.of("data", array(found, view)));
  }

  private static <T> JsonArray array(List<T> found, Function<T, JsonObject> view) {
    return new JsonArray(found.stream().map(view).toList());
  }

  private Future<Response> show(ApiRequest request) {
    return request
        .ask(new ModerationCommand.FindCase(request.input().id("id")))
        .map(
            details -> {
              ChatMute mute = details.mute();
              JsonObject view =
                  view(details.found())
                      .put("reports_of", array(details.reports(), AdminModerationRoutes::view))
                      .put("context", array(details.context(), Views::chatMessage))
                      .put("mute", mute == null ? null : view(mute));
              return Response.ok(JsonObject.of("data", view));
            });
  }

  private Future<Response> decide(ApiRequest request) {
    var in = request.input();
    var decision = Decision.valueOf(in.textOrEmpty("decision").toUpperCase(Locale.ROOT));
    return request
        .ask(new ModerationCommand.Decide(request.player(), in.id("id"), decision))
        .map(Response::empty);
  }

  private Future<Response> listMutes(ApiRequest request) {
    Long after = request.input().number("after");
    int size = request.page(limits.pageSizeMax()).size();
    return request
        .ask(new ModerationCommand.ListMutes(after == null ? null : new PlayerId(after), size))
        .map(found -> data(found, AdminModerationRoutes::view));
  }

  private Future<Response> mute(ApiRequest request) {
    var in = request.input();
    return request
        .ask(
            new ModerationCommand.Mute(
                request.player(),
                new PlayerId(in.id("id")),
                in.textOrEmpty("reason"),
                in.number("until"),
                Boolean.TRUE.equals(in.flag("close_reports"))))
        .map(mute -> Response.ok(JsonObject.of("data", view(mute))));
  }

  private Future<Response> unmute(ApiRequest request) {
    return request
        .ask(new ModerationCommand.Unmute(new PlayerId(request.input().id("id"))))
        .map(Response::empty);
  }

  private static JsonObject view(ChatCase one) {
    MessageId message = one.message();
    Conversation conversation = one.conversation();
    Decision decision = one.decision();
    PlayerId by = one.decidedBy();
    return new JsonObject()
        .put("id", one.id())
        .put("user_id", one.player().value())
        .put("message_id", message == null ? null : message.value())
        .put("chat_type", conversation == null ? null : Views.chatType(conversation.kind()))
        .put("chat_ref_id", reference(one.player(), conversation))
        .put("content", one.content())
        .put("reports", one.reports())
        .put("rule", one.rule())
        .put("state", one.isOpen() ? "open" : "closed")
        .put("decision", decision == null ? null : decision.text())
        .put("decided_by", by == null ? null : by.value())
        .put("inserted_at", Views.time(one.createdMs()))
        .put("updated_at", Views.time(one.changedMs()));
  }

  /** As of the message: of a direct one, its recipient. */
  private static @Nullable Long reference(PlayerId sender, @Nullable Conversation conversation) {
    if (conversation == null) {
      return null;
    }
    return conversation.kind() == Conversation.Kind.DIRECT
        ? conversation.otherThan(sender).value()
        : conversation.id();
  }

  private static JsonObject view(ChatReport report) {
    return new JsonObject()
        .put("user_id", report.reporter().value())
        .put("reason", report.reason().text())
        .put("text", report.text())
        .put("inserted_at", Views.time(report.createdMs()));
  }

  private static JsonObject view(ChatMute mute) {
    boolean ends = mute.untilMs() != ChatMute.FOR_EVER;
    return new JsonObject()
        .put("user_id", mute.player().value())
        .put("admin_id", mute.admin().value())
        .put("reason", mute.reason())
        .put("until", ends ? Views.time(mute.untilMs()) : null)
        .put("inserted_at", Views.time(mute.createdMs()));
  }
}
