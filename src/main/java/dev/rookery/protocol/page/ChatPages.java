package dev.rookery.protocol.page;

import dev.rookery.base.GroupId;
import dev.rookery.base.Ids;
import dev.rookery.base.LobbyId;
import dev.rookery.base.MessageId;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.Sha256;
import dev.rookery.base.Text;
import dev.rookery.bus.Bus;
import dev.rookery.chat.ChatCommand;
import dev.rookery.chat.ChatMessage;
import dev.rookery.chat.Conversation;
import dev.rookery.group.GroupQuery;
import dev.rookery.lobby.LobbyQuery;
import dev.rookery.player.PlayerCommand;
import dev.rookery.protocol.page.Forms.FormErrors;
import dev.rookery.protocol.page.MutePages.Muted;
import dev.rookery.translation.Message;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Serves a conversation: its messages, and forms to send, edit and delete. The script of the page
 * asks for the messages alone, when something changes and after it has sent one.
 *
 * <p>A form has a key of its own, so that a message that is sent twice is stored once: by a second
 * press, a reload, or the script after the connection was lost.
 */
final class ChatPages {
  private static final String CONVERSATION = "/chat/:kind/:id";
  private static final int MESSAGES_SHOWN = 50;
  private static final int KEY_BYTES = 12;
  private static final int KEY_CHARACTERS_MAX = 64;
  private static final int DIGEST_BYTES = 8;

  private final Bus bus;
  private final Ids ids;

  ChatPages(Bus bus, Ids ids) {
    this.bus = bus;
    this.ids = ids;
  }

  void mount(Router router, PageRouter pages) {
    pages.getSignedIn(router, CONVERSATION, request -> show(request, "", FormErrors.NONE));
    pages.postSignedIn(router, CONVERSATION, this::send);
    pages.postSignedIn(router, CONVERSATION + "/edit", this::edit);
    pages.postSignedIn(router, CONVERSATION + "/delete", this::delete);
  }

  static Conversation conversation(PageRequest request) {
    Conversation found =
        ConversationPath.of(
            request.pathParameter("kind"), request.pathParameter("id"), request.player());
    if (found == null) {
      throw Refused.missing("not_found");
    }
    return found;
  }

  /** The path of the conversation that a request names. */
  static String path(PageRequest request) {
    return "/chat/" + ConversationPath.path(conversation(request), request.player());
  }

  /**
   * @param draft what was written and not sent
   */
  private Future<PageResponse> show(PageRequest request, String draft, FormErrors errors) {
    Conversation conversation = conversation(request);
    long before = request.number("before", 0);
    var messages =
        bus.ask(
            new ChatCommand.ListMessages(
                request.player(),
                conversation,
                before == 0 ? null : new MessageId(before),
                new Page.Request(1, MESSAGES_SHOWN)));
    var muted = MutePages.read(bus, request.player());
    return title(request.player(), conversation)
        .compose(
            title ->
                messages
                    .compose(page -> before == 0 ? markRead(request, page) : done(page))
                    .compose(
                        page ->
                            muted.map(
                                mutes ->
                                    render(
                                        request,
                                        title,
                                        page.items(),
                                        mutes,
                                        before,
                                        draft,
                                        errors))));
  }

  private static <T> Future<T> done(T value) {
    return Future.succeededFuture(value);
  }

  /** What was shown last has been read. The page is shown even if that cannot be stored. */
  private Future<Page<ChatMessage>> markRead(PageRequest request, Page<ChatMessage> page) {
    return page.items().isEmpty()
        ? done(page)
        : bus.ask(
                new ChatCommand.MarkRead(
                    request.player(), conversation(request), page.items().getFirst().id()))
            .transform(_ -> done(page));
  }

  private Future<Message> title(PlayerId player, Conversation conversation) {
    return switch (conversation.kind()) {
      case DIRECT ->
          bus.ask(new PlayerCommand.Find(conversation.otherThan(player)))
              .map(other -> PlayerView.name(other.id(), other.displayName()));
      case GROUP ->
          bus.ask(new GroupQuery.Show(new GroupId(conversation.id()), player))
              .map(group -> Message.literal(group.title()));
      case LOBBY ->
          bus.ask(new LobbyQuery.Find(new LobbyId(conversation.id())))
              .map(found -> lobbyTitle(found.lobby().title()));
      case PARTY, ROOM -> done(Message.of("Party"));
    };
  }

  private static Message lobbyTitle(String title) {
    return title.isBlank() ? Message.of("Lobby") : Message.literal(title);
  }

  private PageResponse render(
      PageRequest request,
      Message title,
      List<ChatMessage> newestFirst,
      Muted muted,
      long before,
      String draft,
      FormErrors errors) {
    var model = new HashMap<String, Object>();
    String path = path(request);
    boolean older = newestFirst.size() == MESSAGES_SHOWN;
    Set<PlayerId> mutedPlayers = muted.players();
    model.put("title", title);
    model.put("path", path);
    model.put("topic", "page:chat:" + path.substring("/chat/".length()).replace('/', ':'));
    model.put(
        "messages",
        newestFirst.reversed().stream()
            .map(message -> view(message, request, mutedPlayers))
            .toList());
    model.put("mute", muted.of(conversation(request), request.player()));
    model.put("older", older ? path + "?before=" + newestFirst.getLast().id() : "");
    model.put("past", before != 0);
    model.put("editing", request.number("edit", 0));
    model.put("key", ids.token(KEY_BYTES));
    model.put("draft", draft);
    return request.wantsPart()
        ? new PageResponse.Render(errors.status(), "chat-messages", errors.addTo(model))
        : new PageResponse.Scripted(errors.status(), "chat", errors.addTo(model));
  }

  private static Map<String, Object> view(
      ChatMessage message, PageRequest request, Set<PlayerId> muted) {
    Map<String, Object> json = message.contentJson();
    boolean own = message.sender().equals(request.player());
    boolean edited = message.updatedMs() != message.createdMs();
    return Map.ofEntries(
        Map.entry("id", message.id().value()),
        Map.entry("version", message.updatedMs()),
        Map.entry(
            "sender",
            own ? Message.of("You") : PlayerView.name(message.sender(), message.senderName())),
        Map.entry("player", message.sender().value()),
        Map.entry("muted", muted.contains(message.sender())),
        Map.entry("own", own),
        Map.entry("text", json == null ? message.content() : new JsonObject(json).encode()),
        Map.entry("json", json != null),
        Map.entry("at", Instant.ofEpochMilli(message.createdMs())),
        Map.entry("edited", edited));
  }

  private Future<PageResponse> send(PageRequest request) {
    String content = request.field("content");
    return bus.ask(
            new ChatCommand.Send(
                request.player(), conversation(request), content, Map.of(), key(request, content)))
        .compose(_ -> sent(request))
        .recover(failure -> refused(request, content, failure));
  }

  private Future<PageResponse> sent(PageRequest request) {
    return request.wantsPart()
        ? show(request, "", FormErrors.NONE)
        : done(new PageResponse.Redirect(path(request) + "#end"));
  }

  /** The script gets the reason alone: it keeps the text, and the page may not be shown at all. */
  private Future<PageResponse> refused(PageRequest request, String content, Throwable failure) {
    if (!(failure instanceof Refused refused)) {
      return Future.failedFuture(failure);
    }
    FormErrors errors = reason(refused.refusal());
    return request.wantsPart()
        ? done(
            new PageResponse.Render(
                errors.status(), "chat-refused", errors.addTo(Map.of("title", ""))))
        : show(request, content, errors);
  }

  private static FormErrors reason(Refusal refusal) {
    FormErrors errors = Forms.errors(refusal);
    List<Message> ofContent = errors.fields().getOrDefault("content", List.of());
    return ofContent.isEmpty()
        ? errors
        : new FormErrors(
            errors.status(),
            Message.of("The message {problem}.", "problem", ofContent.getFirst()),
            Map.of());
  }

  /**
   * The key of the form together with the text: a text that was changed after it was sent, for
   * example by going back in the browser, is another message.
   */
  private static @Nullable String key(PageRequest request, String content) {
    String header = request.context().request().getHeader("idempotency-key");
    String key = header == null ? request.field("key") : header;
    boolean isUsable = !key.isEmpty() && key.length() <= KEY_CHARACTERS_MAX && Text.isStorable(key);
    return isUsable ? key + "." + digest(content) : null;
  }

  private static String digest(String content) {
    return Sha256.hex(content, DIGEST_BYTES);
  }

  private Future<PageResponse> edit(PageRequest request) {
    return bus.ask(
            new ChatCommand.Edit(
                request.player(),
                new MessageId(request.fieldId("message")),
                request.field("content"),
                null))
        .<PageResponse>map(
            edited ->
                new PageResponse.Redirect(path(request) + "?done=message-edited#m" + edited.id()))
        .recover(failure -> refused(request, "", failure));
  }

  private Future<PageResponse> delete(PageRequest request) {
    return bus.ask(
            new ChatCommand.Delete(request.player(), new MessageId(request.fieldId("message"))))
        .<PageResponse>map(_ -> new PageResponse.Redirect(path(request) + "?done=message-deleted"))
        .recover(failure -> refused(request, "", failure));
  }
}
