package dev.rookery.protocol.gamend;

import dev.rookery.base.Limits;
import dev.rookery.base.MessageId;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.chat.ChatCommand;
import dev.rookery.chat.Conversation.Kind;
import dev.rookery.chat.ModeratedMessage;
import dev.rookery.console.Permission;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Moderation of chat by admins (Gamend HTTP contract, section 17.9). */
final class AdminChatRoutes {
  /** What a filter that is no number is taken for; nothing has this id. */
  private static final long NO_ID = 0;

  private final Limits limits;

  AdminChatRoutes(Limits limits) {
    this.limits = limits;
  }

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_list_chat_messages", this::list);
    routes.put("admin_delete_chat_message", this::delete);
    routes.put("admin_delete_chat_conversation", this::deleteConversation);
  }

  private Future<Response> list(ApiRequest request) {
    var page = request.page(limits.pageSizeMax());
    boolean personal = request.requiredSession().may(Permission.PLAYERS_PERSONAL);
    String type = request.input().text("chat_type");
    @Nullable Kind kind = type == null ? null : ChatRoutes.kind(type).orElse(null);
    if (type != null && kind == null) {
      var none = new Page<ModeratedMessage>(List.of(), page.number(), page.size(), 0);
      return Future.succeededFuture(Response.ok(Views.page(none, one -> view(one, personal))));
    }
    Long sender = id(request, "sender_id");
    var filter =
        new ChatCommand.Filter(
            sender == null ? null : new PlayerId(sender),
            kind,
            id(request, "chat_ref_id"),
            request.input().text("content"),
            "inserted_at_asc".equals(request.input().text("sort_by")));
    return request
        .ask(new ChatCommand.ListAll(filter, page))
        .map(messages -> Response.ok(Views.page(messages, one -> view(one, personal))));
  }

  private static @Nullable Long id(ApiRequest request, String name) {
    Long id = request.input().number(name);
    boolean absent = request.context().queryParam(name).stream().allMatch(String::isBlank);
    return id == null && !absent ? Long.valueOf(NO_ID) : id;
  }

  private static JsonObject view(ModeratedMessage moderated, boolean personal) {
    return Views.chatMessage(moderated.message())
        .put("sender_email", personal ? moderated.senderEmail() : null);
  }

  private Future<Response> delete(ApiRequest request) {
    return request
        .ask(new ChatCommand.DeleteAny(new MessageId(request.input().id("id"))))
        .map(Response::empty);
  }

  private Future<Response> deleteConversation(ApiRequest request) {
    var in = request.input();
    Kind kind = ChatRoutes.kind(in.textOrEmpty("chat_type")).orElseThrow();
    return request
        .ask(new ChatCommand.DeleteAll(kind, in.id("chat_ref_id")))
        .map(deleted -> Response.ok(JsonObject.of("deleted", deleted)));
  }
}
