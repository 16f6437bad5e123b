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

/** Conversations. */
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

  private Future<Response> list(ApiRequest call) {
    var page = call.page(limits.pageSizeMax());
    return bus.ask(new ChatCommand.ListMessages(call.player(), conversation(call), page))
        .map(messages -> Response.ok(Views.page(messages, Views::chatMessage)));
  }

  private Future<Response> send(ApiRequest call) {
    var in = call.input();
    @Nullable Map<String, Object> metadata = in.object("metadata");
    return bus.ask(
            new ChatCommand.Send(
                call.player(),
                conversation(call),
                in.text("content"),
                metadata == null ? Map.of() : metadata,
                call.idempotencyKey()))
        .map(message -> Response.created(Views.chatMessage(message)));
  }

  /** Clients get a single message without its sender's name. */
  private Future<Response> show(ApiRequest call) {
    return bus.ask(new ChatCommand.Get(call.player(), message(call)))
        .map(message -> Response.ok(Views.chatMessage(message).put("sender_name", "")));
  }

  private Future<Response> edit(ApiRequest call) {
    var in = call.input();
    return bus.ask(
            new ChatCommand.Edit(
                call.player(), message(call), in.text("content"), in.object("metadata")))
        .map(message -> Response.ok(Views.chatMessage(message)));
  }

  private Future<Response> delete(ApiRequest call) {
    return bus.ask(new ChatCommand.Delete(call.player(), message(call)))
        .map(_ -> Response.ok(JsonObject.of("ok", true)));
  }

  private Future<Response> markRead(ApiRequest call) {
    Long upTo = call.input().number("message_id");
    return bus.ask(
            new ChatCommand.MarkRead(
                call.player(), conversation(call), upTo == null ? null : new MessageId(upTo)))
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

  private Future<Response> countUnread(ApiRequest call) {
    return bus.ask(new ChatCommand.CountUnread(call.player(), conversation(call)))
        .map(count -> Response.ok(JsonObject.of("unread_count", count)));
  }

  private static Conversation conversation(ApiRequest call) {
    String type = call.input().textOrEmpty("chat_type");
    return new Conversation(
        Conversation.Kind.valueOf(type.toUpperCase(Locale.ROOT)), call.input().id("chat_ref_id"));
  }

  private static MessageId message(ApiRequest call) {
    return new MessageId(call.input().id("id"));
  }
}
