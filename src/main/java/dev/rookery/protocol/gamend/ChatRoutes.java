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

  void into(Map<String, Endpoint.Route> routes) {
    routes.put("list_chat_messages", this::list);
    routes.put("send_chat_message", this::send);
    routes.put("get_chat_message", this::show);
    routes.put("update_chat_message", this::edit);
    routes.put("delete_chat_message", this::delete);
    routes.put("mark_chat_read", this::markRead);
    routes.put("chat_unread_count", this::countUnread);
  }

  private Future<Reply> list(Call call) {
    var page = call.page(limits.pageSizeMax());
    return bus.ask(new ChatCommand.ListMessages(call.me(), conversation(call), page))
        .map(messages -> Reply.ok(Views.page(messages, Views::chatMessage)));
  }

  private Future<Reply> send(Call call) {
    var in = call.input();
    @Nullable Map<String, Object> metadata = in.object("metadata");
    return bus.ask(
            new ChatCommand.Send(
                call.me(),
                conversation(call),
                in.text("content"),
                metadata == null ? Map.of() : metadata,
                call.idempotencyKey()))
        .map(message -> Reply.created(Views.chatMessage(message)));
  }

  /** Clients get a single message without its sender's name. */
  private Future<Reply> show(Call call) {
    return bus.ask(new ChatCommand.Get(call.me(), message(call)))
        .map(message -> Reply.ok(Views.chatMessage(message).put("sender_name", "")));
  }

  private Future<Reply> edit(Call call) {
    var in = call.input();
    return bus.ask(
            new ChatCommand.Edit(
                call.me(), message(call), in.text("content"), in.object("metadata")))
        .map(message -> Reply.ok(Views.chatMessage(message)));
  }

  private Future<Reply> delete(Call call) {
    return bus.ask(new ChatCommand.Delete(call.me(), message(call)))
        .map(_ -> Reply.ok(JsonObject.of("ok", true)));
  }

  private Future<Reply> markRead(Call call) {
    Long upTo = call.input().number("message_id");
    return bus.ask(
            new ChatCommand.MarkRead(
                call.me(), conversation(call), upTo == null ? null : new MessageId(upTo)))
        .map(cursor -> Reply.ok(view(cursor)));
  }

  private static JsonObject view(ReadCursor cursor) {
    MessageId upTo = cursor.upTo();
    return new JsonObject()
        .put("chat_type", Views.chatType(cursor.conversation()))
        .put("chat_ref_id", cursor.conversation().id())
        .put("last_read_message_id", upTo == null ? null : upTo.value())
        .put("updated_at", Views.time(cursor.updatedMs()));
  }

  private Future<Reply> countUnread(Call call) {
    return bus.ask(new ChatCommand.CountUnread(call.me(), conversation(call)))
        .map(count -> Reply.ok(JsonObject.of("unread_count", count)));
  }

  private static Conversation conversation(Call call) {
    String type = call.input().textOrEmpty("chat_type");
    return new Conversation(
        Conversation.Kind.valueOf(type.toUpperCase(Locale.ROOT)), call.input().id("chat_ref_id"));
  }

  private static MessageId message(Call call) {
    return new MessageId(call.input().id("id"));
  }
}
