package dev.rookery.protocol.gamend;

import dev.rookery.base.Limits;
import dev.rookery.base.MessageId;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Bus;
import dev.rookery.chat.ChatCommand;
import dev.rookery.chat.Conversation;
import dev.rookery.chat.Conversation.Kind;
import dev.rookery.chat.ReadCursor;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Chat: messages and read positions of conversations. */
final class ChatRoutes {
  private static final ErrorShape INVALID_REFERENCES = ErrorShape.of(400, "invalid_chat_ref_ids");

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
    routes.put("chat_unread_counts", this::countUnreadInAll);
  }

  private Future<Response> list(ApiRequest request) {
    var page = request.page(limits.pageSizeMax());
    Long before = request.input().number("before");
    return bus.ask(
            new ChatCommand.ListMessages(
                request.player(),
                conversation(request),
                before == null ? null : new MessageId(before),
                page))
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
        .map(cursor -> Response.ok(view(cursor, request.input().id("chat_ref_id"))));
  }

  private static JsonObject view(ReadCursor cursor, long reference) {
    MessageId upTo = cursor.upTo();
    return new JsonObject()
        .put("chat_type", Views.chatType(cursor.conversation().kind()))
        .put("chat_ref_id", reference)
        .put("last_read_message_id", upTo == null ? null : upTo.value())
        .put("updated_at", Views.time(cursor.updatedMs()));
  }

  private Future<Response> countUnread(ApiRequest request) {
    return bus.ask(new ChatCommand.CountUnread(request.player(), conversation(request)))
        .map(count -> Response.ok(JsonObject.of("unread_count", count)));
  }

  private Future<Response> countUnreadInAll(ApiRequest request) {
    String type = request.input().textOrEmpty("chat_type");
    List<Long> references = references(request.input().textOrEmpty("chat_ref_ids"));
    List<Conversation> conversations =
        references.stream().map(one -> conversation(request.player(), type, one)).toList();
    return bus.ask(new ChatCommand.CountUnreadInAll(request.player(), conversations))
        .map(counts -> Response.ok(JsonObject.of("data", view(references, counts))));
  }

  private static List<Long> references(String list) {
    var references = new LinkedHashSet<Long>();
    for (String one : list.split(",", ChatCommand.CONVERSATIONS_MAX + 1)) {
      Long reference = FieldType.parseInteger(one.strip());
      if (reference == null) {
        throw new InvalidRequest(INVALID_REFERENCES, Map.of());
      }
      references.add(reference);
    }
    if (references.size() > ChatCommand.CONVERSATIONS_MAX) {
      throw new InvalidRequest(INVALID_REFERENCES, Map.of());
    }
    return List.copyOf(references);
  }

  private static JsonArray view(List<Long> references, List<Long> counts) {
    var view = new JsonArray();
    for (int i = 0; i < references.size(); i++) {
      view.add(JsonObject.of("chat_ref_id", references.get(i), "unread_count", counts.get(i)));
    }
    return view;
  }

  private static Conversation conversation(ApiRequest request) {
    return conversation(
        request.player(),
        request.input().textOrEmpty("chat_type"),
        request.input().id("chat_ref_id"));
  }

  private static Conversation conversation(PlayerId player, String type, long reference) {
    Kind kind = kind(type).orElseThrow();
    return kind == Kind.DIRECT
        ? Conversation.direct(player, new PlayerId(reference))
        : new Conversation(kind, reference);
  }

  /** Returns the kind of conversation that a wire type names; empty for none. */
  static Optional<Kind> kind(String type) {
    return Stream.of(Kind.values()).filter(kind -> Views.chatType(kind).equals(type)).findFirst();
  }

  private static MessageId message(ApiRequest request) {
    return new MessageId(request.input().id("id"));
  }
}
