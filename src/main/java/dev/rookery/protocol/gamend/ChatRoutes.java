package dev.rookery.protocol.gamend;

import dev.rookery.base.Limits;
import dev.rookery.base.MessageId;
import dev.rookery.bus.Bus;
import dev.rookery.chat.ChatCommand;
import dev.rookery.chat.Conversation;
import dev.rookery.chat.ReadCursor;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Chat: messages and read positions of conversations. */
final class ChatRoutes {
  private final Bus bus;
  private final Limits limits;

  ChatRoutes(Bus bus, Limits limits) {
    this.bus = bus;
    this.limits = limits;
  }

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("list_chat_messages", this::list);
    routes.put("send_chat_message", this::send);
    routes.put("get_chat_message", this::show);
    routes.put("update_chat_message", this::edit);
    routes.put("delete_chat_message", this::delete);
    routes.put("mark_chat_read", this::markRead);
    routes.put("chat_unread_count", this::countUnread);
  }

  private Future<Response> list(ApiRequest request) {
    var page = request.page(limits.pageSizeMax());
    return bus.ask(new ChatCommand.ListMessages(request.player(), conversation(request), page))
        .map(messages -> Response.ok(Views.page(messages, Views::chatMessage)));
  }

  private Future<Response> send(ApiRequest request) {
    var in = request.input();
    @Nullable Map<String, Object> metadata = in.object("metadata");
    return bus.ask(
            new ChatCommand.Send(
                request.player(),
                conversation(request),
                in.text("content"),
                metadata == null ? Map.of() : metadata,
                request.idempotencyKey()))
        .map(message -> Response.created(Views.chatMessage(message)));
  }

  /** The contract has a single message without the name of its sender. */
  private Future<Response> show(ApiRequest request) {
    return bus.ask(new ChatCommand.Get(request.player(), message(request)))
        .map(message -> Response.ok(Views.chatMessage(message).put("sender_name", "")));
  }

  private Future<Response> edit(ApiRequest request) {
    var in = request.input();
    return bus.ask(
            new ChatCommand.Edit(
                request.player(), message(request), in.text("content"), in.object("metadata")))
        .map(message -> Response.ok(Views.chatMessage(message)));
  }

  private Future<Response> delete(ApiRequest request) {
    return bus.ask(new ChatCommand.Delete(request.player(), message(request)))
        .map(_ -> Response.ok(JsonObject.of("ok", true)));
  }

  private Future<Response> markRead(ApiRequest request) {
    Long upTo = request.input().number("message_id");
    return bus.ask(
            new ChatCommand.MarkRead(
                request.player(), conversation(request), upTo == null ? null : new MessageId(upTo)))
        .map(cursor -> Response.ok(view(cursor)));
  }

  private static JsonObject view(ReadCursor cursor) {
    MessageId upTo = cursor.upTo();
    return new JsonObject()
        .put("chat_type", Views.chatType(cursor.conversation()))
        .put("chat_ref_id", cursor.conversation().id())
        .put("last_read_message_id", upTo == null ? null : upTo.value())
        .put("updated_at", Views.time(cursor.updatedMs()));
  }

  private Future<Response> countUnread(ApiRequest request) {
    return bus.ask(new ChatCommand.CountUnread(request.player(), conversation(request)))
        .map(count -> Response.ok(JsonObject.of("unread_count", count)));
  }

  private static Conversation conversation(ApiRequest request) {
    String type = request.input().textOrEmpty("chat_type");
    return new Conversation(
        Conversation.Kind.valueOf(type.toUpperCase(Locale.ROOT)),
        request.input().id("chat_ref_id"));
  }

  private static MessageId message(ApiRequest request) {
    return new MessageId(request.input().id("id"));
  }
}
