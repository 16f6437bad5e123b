package dev.rookery.protocol.console;

import dev.rookery.base.MessageId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.chat.ChatCommand;
import dev.rookery.chat.ChatMessage;
import dev.rookery.chat.Conversation;
import dev.rookery.chat.ModeratedMessage;
import dev.rookery.console.BulkActions.BulkAction;
import dev.rookery.console.ListInput;
import dev.rookery.console.ListSelection;
import dev.rookery.console.Permission;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Moderation of chat: messages of all conversations, delete one, several or a conversation. */
final class ChatPages implements ConsoleSection {
  private static final String PATH = "/admin/chat";
  private static final String KIND = "kind";
  private static final String REFERENCE = "ref";
  private static final Set<String> KINDS = Set.of("lobby", "party", "group", "friend", "room");
  private static final List<SearchQuery.Key> KEYS =
      List.of(
          SearchQuery.Key.of("sender", "the id of a player"),
          new SearchQuery.Key(
              KIND, "lobby, party, group, friend or room", KINDS, false, false, false),
          SearchQuery.Key.of(
              REFERENCE, "the id of the lobby, party, group or room, or of the other player"));
  private static final List<String> COLUMNS =
      List.of("id", "sender_id", KIND, REFERENCE, "content", "metadata", "created_at");

  private final Bus bus;
  private final Changes changes;
  private final ListTools lists;

  ChatPages(Bus bus, Changes changes, ListTools lists) {
    this.bus = bus;
    this.changes = changes;
    this.lists = lists;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.menu(new MenuEntry(MenuEntry.Group.CONTENT, "Chat", PATH, null, Permission.CHAT_READ));
    console.page(PATH, Permission.CHAT_READ, this::list);
    lists.register(
        console,
        PATH,
        this::select,
        BulkOffer.of(
            "Delete",
            "messages",
            "They are removed from the history. Clients that show them get no event.",
            new BulkAction(
                Permission.CHAT_MODERATE,
                "admin_delete_chat_message",
                "chat",
                true,
                (message, _, _, _) -> new ChatCommand.DeleteAny(new MessageId(message)))));
    console.action(PATH + "/delete", Permission.CHAT_MODERATE, this::deleteSelected);
    console.action(
        PATH + "/conversation/delete", Permission.CHAT_MODERATE, this::deleteConversation);
    console.action(PATH + "/:id/delete", Permission.CHAT_MODERATE, this::delete);
    console.message("message-deleted", "The message was deleted.");
    console.message("messages-deleted", "The selected messages were deleted.");
    console.message("conversation-deleted", "All messages of the conversation were deleted.");
  }

  /** The kind of a conversation as the wire of Gamend names it. */
  static Optional<Conversation.Kind> kind(@Nullable String name) {
    return Arrays.stream(Conversation.Kind.values())
        .filter(kind -> name(kind).equals(name))
        .findFirst();
  }

  static String name(Conversation.Kind kind) {
    return kind == Conversation.Kind.DIRECT ? "friend" : kind.name().toLowerCase(Locale.ROOT);
  }

  private Future<ConsoleView> list(ConsoleRequest request) {
    ListRequest list = listRequest(request);
    SearchQuery search = list.search();
    if (!search.isValid()) {
      return Future.succeededFuture(page(request, list, List.of(), 0));
    }
    return changes
        .recordRead(
            request, "console_read_chat", "chat", Changes.values("query", search.masked(KEYS)))
        .compose(_ -> bus.ask(new ChatCommand.ListAll(filter(list), list.page())))
        .map(found -> page(request, list, found.items(), found.total()));
  }

  private static ListRequest listRequest(ListInput request) {
    return ListRequest.of(request, KEYS, true, List.of("created"));
  }

  private static ChatCommand.Filter filter(ListRequest list) {
    SearchQuery search = list.search();
    Long sender = search.number("sender");
    return new ChatCommand.Filter(
        sender == null ? null : new PlayerId(sender),
        kind(search.value(KIND)).orElse(null),
        search.number(REFERENCE),
        search.words(),
        list.sort().equals("created"));
  }

  private ListSelection<ModeratedMessage> select(ListInput request) {
    ListRequest list = listRequest(request);
    return new ListSelection<>(
        "chat",
        Permission.CHAT_READ,
        list.search().masked(KEYS),
        list.search().problems(),
        new ListSelection.Rows<>(
            (last, max) ->
                bus.ask(
                    new ChatCommand.ListAfter(
                        filter(list), last == null ? null : last.message().id(), max)),
            moderated -> moderated.message().id().value(),
            COLUMNS,
            ChatPages::exported));
  }

  private static Map<String, Object> exported(ModeratedMessage moderated) {
    ChatMessage message = moderated.message();
    PlayerId recipient = message.recipient();
    Map<String, Object> json = message.contentJson();
    return Exports.row(
        "id",
        message.id().value(),
        "sender_id",
        message.sender().value(),
        KIND,
        name(message.conversation().kind()),
        REFERENCE,
        recipient == null ? message.conversation().id() : recipient.value(),
        "content",
        json == null ? message.content() : new JsonObject(json).encode(),
        "metadata",
        new JsonObject(message.metadata()).encode(),
        "created_at",
        Exports.time(message.createdMs()));
  }

  private ConsoleView page(
      ConsoleRequest request, ListRequest list, List<ModeratedMessage> found, long total) {
    boolean moderates = request.may(Permission.CHAT_MODERATE);
    var bulk = new ArrayList<Action>();
    if (moderates) {
      bulk.add(new Action("Delete…", PATH + "/delete", 2));
      String kind = list.search().value(KIND);
      Long reference = list.search().number(REFERENCE);
      if (kind != null && reference != null) {
        bulk.add(
            new Action(
                "Delete the whole conversation…",
                PATH + "/conversation/delete?kind=" + kind + "&ref=" + reference,
                2));
      }
    }
    return new ListPage(
            ListPage.Search.of(list, KEYS, "Part of the text"),
            table("list", found, request),
            list.pager(total),
            "No messages",
            "Messages of lobbies, parties, groups, friends and rooms appear here.",
            bulk,
            List.of(
                new Link("Queue", ChatQueuePages.PATH),
                new Link("Mutes", ChatMutePages.PATH),
                new Link("Filter", ChatFilterPages.PATH)),
            lists.exports().links(request, list, PATH))
        .with(lists.bulk().buttons(request, list, PATH))
        .render("Chat");
  }

  static ListView table(String id, List<ModeratedMessage> messages, ConsoleRequest request) {
    boolean moderates = request.may(Permission.CHAT_MODERATE);
    var columns =
        List.of(
            Column.of("Text", 1),
            Column.of("Sender", 1),
            Column.of("Conversation", 2),
            Column.of("Sent", 2));
    var rows = new ArrayList<Row>();
    for (ModeratedMessage moderated : messages) {
      ChatMessage message = moderated.message();
      String number = Long.toString(message.id().value());
      Map<String, Object> json = message.contentJson();
      rows.add(
          new Row(
              number,
              "message " + number,
              List.of(
                  Cell.text(json == null ? message.content() : new JsonObject(json).encode()),
                  Cell.player(message.senderName(), message.sender().value()),
                  conversation(message),
                  Cell.time(message.createdMs())),
              moderates
                  ? List.of(new Action("Delete", PATH + "/" + number + "/delete", 1))
                  : List.of()));
    }
    return new ListView(id, "Messages", columns, rows, moderates && id.equals("list"));
  }

  private static Cell conversation(ChatMessage message) {
    Conversation conversation = message.conversation();
    PlayerId recipient = message.recipient();
    long reference = recipient == null ? conversation.id() : recipient.value();
    String kind = name(conversation.kind());
    return Cell.link(kind + " " + reference, PATH + "?q=kind%3A" + kind + "+ref%3A" + reference);
  }

  private Future<?> delete(ConsoleRequest request, long id) {
    return changes.make(
        request,
        new ChatCommand.DeleteAny(new MessageId(id)),
        "admin_delete_chat_message",
        "chat/" + id);
  }

  private Future<ConsoleView> delete(ConsoleRequest request) {
    long id = request.id("id");
    String back = request.back(PATH);
    return Confirmation.level1(
            "Delete message " + id + "?",
            "It is gone from the history. Clients that show it are not told.",
            "Delete the message")
        .ask(request, back, ConsoleView.done(back, "message-deleted"), () -> delete(request, id));
  }

  private Future<ConsoleView> deleteSelected(ConsoleRequest request) {
    return Selection.of(request, PATH)
        .apply(
            "Delete",
            "messages",
            "They are removed from the history. Clients that show them get no event.",
            "messages-deleted",
            id -> delete(request, id));
  }

  private Future<ConsoleView> deleteConversation(ConsoleRequest request) {
    Conversation.Kind kind =
        kind(request.query(KIND)).orElseThrow(() -> Refused.missing("not_found"));
    Long reference = SearchQuery.parse(request.query(REFERENCE));
    if (reference == null) {
      throw Refused.missing("not_found");
    }
    String named = name(kind) + " " + reference;
    return Confirmation.level2(
            "Delete all messages of " + named + "?",
            "The whole history of the conversation is gone.",
            "Delete all messages",
            named)
        .ask(
            request,
            PATH,
            ConsoleView.done(PATH, "conversation-deleted"),
            () ->
                changes.make(
                    request,
                    new ChatCommand.DeleteAll(kind, reference),
                    "admin_delete_chat_conversation",
                    "chat/" + named));
  }
}
