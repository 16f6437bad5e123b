package dev.rookery.chat;

import dev.rookery.base.FieldErrors;
import dev.rookery.base.Limits;
import dev.rookery.base.MessageId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.chat.ChatCommand.Clear;
import dev.rookery.chat.ChatCommand.CountMessages;
import dev.rookery.chat.ChatCommand.CountSenders;
import dev.rookery.chat.ChatCommand.CountUnread;
import dev.rookery.chat.ChatCommand.CountUnreadInAll;
import dev.rookery.chat.ChatCommand.Delete;
import dev.rookery.chat.ChatCommand.DeleteAll;
import dev.rookery.chat.ChatCommand.DeleteAny;
import dev.rookery.chat.ChatCommand.Edit;
import dev.rookery.chat.ChatCommand.Forget;
import dev.rookery.chat.ChatCommand.Get;
import dev.rookery.chat.ChatCommand.ListAfter;
import dev.rookery.chat.ChatCommand.ListAll;
import dev.rookery.chat.ChatCommand.ListMessages;
import dev.rookery.chat.ChatCommand.MarkRead;
import dev.rookery.chat.ChatCommand.OpenRoom;
import dev.rookery.chat.ChatCommand.Send;
import dev.rookery.chat.FilterCommand.Verdict;
import dev.rookery.friend.Friends;
import dev.rookery.group.Groups;
import dev.rookery.lease.ClusterScheduler;
import dev.rookery.lease.Sweep;
import dev.rookery.lease.SweptTable;
import dev.rookery.lobby.Lobbies;
import dev.rookery.notification.MutedSenders;
import dev.rookery.party.Parties;
import dev.rookery.player.Export;
import dev.rookery.player.Players;
import dev.rookery.store.Database;
import dev.rookery.store.Transaction;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Collectors;

/** Serves chat commands, on virtual threads, for the node that received them. */
public final class ChatVerticle extends VerticleBase {
  private static final int CLEARED_MAX = 1_000;
  private static final Duration SWEEP_EVERY = Duration.ofSeconds(2);

  private static final String CLOSED =
      "when its lobby, party or group has closed, or its friendship has ended";

  private final Bus bus;
  private final Database database;
  private final ConversationAccess access;
  private final ChatRules rules;
  private final ChatStore messages = new ChatStore();
  private final ReadCursorStore cursors = new ReadCursorStore();
  private final ChatFilters filters;
  private final CaseStore cases = new CaseStore();
  private final MutedSenders mutes = new MutedSenders();
  private final RoomStore rooms = new RoomStore();
  private final ModerationStore moderation = new ModerationStore();
  private final PurgeStore purges = new PurgeStore();
  private final ForgetStore forget = new ForgetStore();
  private final ClosedChatSweep sweep;
  private final ClusterScheduler scheduler;
  private final InstantSource clock;
  private SendMessage sendMessage;
  private volatile boolean stopping;

  @SuppressWarnings("NullAway.Init") // at the start
  public ChatVerticle(
      Bus bus,
      Database database,
      Players players,
      Friends friends,
      Groups groups,
      Parties parties,
      Lobbies lobbies,
      Limits limits,
      ClusterScheduler scheduler,
      InstantSource clock,
      ChatFilters filters) {
    this.clock = clock;
    this.bus = bus;
    this.scheduler = scheduler;
    this.filters = filters;
    this.database = database;
    this.access = new ConversationAccess(players, friends, groups, parties, lobbies);
    this.rules = new ChatRules(limits);
    this.sweep = new ClosedChatSweep(database, groups, parties, lobbies);
  }

  @Override
  public Future<?> start() {
    sendMessage = new SendMessage(context, database, access, rules, messages, filters);
    scheduler.scheduleSweep(
        Sweep.every(
            SWEEP_EVERY,
            "closed conversations",
            SweptTable.ruled("chat_message", CLOSED),
            SweptTable.ruled("chat_read", CLOSED)),
        _ -> sweep());
    var exported = new ExportStore();
    return Future.all(
        bus.<ChatCommand<?>>serve(ChatCommand.ADDRESS, this::handle),
        bus.<Export>serve(
            Export.address("chat_messages"), asked -> exported.messages(database, asked)),
        bus.<Export>serve(
            Export.address("read_positions"), asked -> exported.readPositions(database, asked)),
        bus.<Export>serve(
            Export.address("last_written"), asked -> exported.lastWritten(database, asked)));
  }

  @Override
  public Future<?> stop() {
    stopping = true;
    return Future.succeededFuture();
  }

  private Object handle(ChatCommand<?> command) {
    return switch (command) {
      case Send send -> sendMessage.send(send);
      case OpenRoom(var name) -> openRoom(name);
      case Edit edit -> edit(edit);
      case Delete(var by, var message) -> delete(by, message);
      case Get(var by, var message) -> get(by, message);
      case ListMessages(var by, var conversation, var before, var page) -> {
        access.requireMember(database, by, conversation);
        yield messages.newest(database, conversation, before, page);
      }
      case MarkRead read -> markRead(read);
      case CountUnread(var by, var conversation) -> {
        access.requireMember(database, by, conversation);
        yield countUnread(by, List.of(conversation)).getFirst();
      }
      case CountUnreadInAll(var by, var conversations) -> countUnread(by, conversations);
      case ListAfter(var filter, var after, var max) ->
          moderation.listAfter(database, filter, after, max);
      case ListAll(var filter, var page) -> moderation.list(database, filter, page);
      case CountMessages(var kind) -> ModerationStore.countMessages(database, kind);
      case CountSenders() -> ModerationStore.countSenders(database);
      case DeleteAny(var message) -> deleteAny(message);
      case DeleteAll(var kind, var reference) -> deleteAll(kind, reference);
      case Clear(var conversation) -> clear(conversation);
      case Forget(var player) -> forget(player);
    };
  }

  private List<Long> countUnread(PlayerId by, List<Conversation> conversations) {
    var unread = new HashMap<Conversation, Long>();
    access.findReadable(database, by, conversations).stream()
        .collect(Collectors.groupingBy(Conversation::kind, Collectors.toSet()))
        .forEach(
            (kind, ofKind) ->
                unread.putAll(cursors.unread(database, kind, ofKind, by, clock.millis())));
    return conversations.stream().map(one -> unread.getOrDefault(one, 0L)).toList();
  }

  private Done deleteAny(MessageId id) {
    return database.write(
        tx -> {
          if (messages.find(tx, id).isEmpty()) {
            throw notFound();
          }
          messages.delete(tx, id);
          return Done.DONE;
        });
  }

  /** In steps, up to the message that is the newest now. */
  private long deleteAll(Conversation.Kind kind, long reference) {
    var newest = moderation.newest(database, kind, reference);
    if (newest.isEmpty()) {
      return 0;
    }
    MessageId upTo = newest.get();
    long deleted = 0;
    int step;
    do {
      step = database.write(tx -> moderation.deleteSome(tx, kind, reference, upTo));
      deleted += step;
    } while (step > 0);
    return deleted;
  }

  private long clear(Conversation conversation) {
    Long peer = conversation.peer();
    if (peer == null) {
      long deleted = deleteAll(conversation.kind(), conversation.id());
      database.write(
          tx -> {
            moderation.deleteCursors(tx, conversation.kind(), conversation.id());
            return Done.DONE;
          });
      return deleted;
    }
    var pair = List.of(new Friends.Pair(new PlayerId(conversation.id()), new PlayerId(peer)));
    long deleted = 0;
    int step;
    do {
      step = database.write(tx -> purges.deleteMessages(tx, pair, Long.MAX_VALUE, CLEARED_MAX));
      deleted += step;
    } while (step == CLEARED_MAX);
    database.write(
        tx -> {
          purges.deleteCursors(tx, pair, Long.MAX_VALUE);
          return Done.DONE;
        });
    return deleted;
  }

  private Done forget(PlayerId player) {
    while (database.write(tx -> forget.step(tx, player))) {
      // The next step removes more.
    }
    return Done.DONE;
  }

  private Conversation openRoom(String name) {
    new FieldErrors().visibleLine("name", name, ChatCommand.ROOM_NAME_MAX).refuse();
    long id =
        rooms.find(database, name).orElseGet(() -> database.write(tx -> rooms.open(tx, name)));
    return new Conversation(Conversation.Kind.ROOM, id);
  }

  private ChatMessage edit(Edit edit) {
    return database.write(
        tx -> {
          ChatMessage found = own(tx, edit.by(), edit.message());
          // Otherwise a player who was removed could go on writing, in place of their old messages.
          access.requireWritable(tx, edit.by(), found.conversation());
          mutes.mustNotBeMuted(tx, edit.by());
          rules.errorsEditing(edit.content(), edit.metadata()).refuse();
          String content = edit.content();
          Verdict verdict =
              content == null ? null : filters.filter(found.conversation().kind(), content);
          if (verdict != null && verdict.refused() != null) {
            throw Refused.denied("message_filtered");
          }
          var edited =
              messages.edit(
                  tx, edit.message(), verdict == null ? null : verdict.text(), edit.metadata());
          edited.ifPresent(
              message -> {
                append(tx, message.conversation(), new ChatEvent.Edited(message));
                if (verdict != null && verdict.flagged() != null) {
                  cases.flag(tx, cases.open(tx, message), verdict.flagged());
                }
              });
          return edited.orElse(found);
        });
  }

  private Done delete(PlayerId by, MessageId id) {
    return database.write(
        tx -> {
          Conversation conversation = own(tx, by, id).conversation();
          messages.delete(tx, id);
          append(tx, conversation, new ChatEvent.Deleted(conversation, id));
          return Done.DONE;
        });
  }

  private static void append(Transaction tx, Conversation conversation, ChatEvent event) {
    ConversationAccess.streams(conversation).forEach(stream -> tx.append(stream, event));
  }

  /** A message that the player may change, as its sender; its conversation is locked. */
  private ChatMessage own(Transaction tx, PlayerId by, MessageId id) {
    Conversation conversation =
        messages.find(tx, id).orElseThrow(ChatVerticle::notFound).conversation();
    if (!access.lock(tx, conversation)) {
      throw notFound();
    }
    // Read again: it may have been changed or deleted before the conversation was locked.
    ChatMessage found = messages.find(tx, id).orElseThrow(ChatVerticle::notFound);
    if (found.sender().equals(by)) {
      return found;
    }
    throw access.isMember(tx, by, conversation) ? Refused.denied("forbidden") : notFound();
  }

  private ChatMessage get(PlayerId by, MessageId id) {
    return messages
        .find(database, id)
        .filter(message -> access.isMember(database, by, message.conversation()))
        .orElseThrow(ChatVerticle::notFound);
  }

  private ReadCursor markRead(MarkRead read) {
    return database.write(
        tx -> {
          access.requireLockedMember(tx, read.by(), read.conversation());
          MessageId upTo = read.upTo();
          if (upTo == null) {
            // Stores nothing: any two players have a conversation, also those who never wrote.
            return cursors.find(tx, read.conversation(), read.by());
          }
          if (!messages.isIn(tx, upTo, read.conversation())) {
            throw notFound();
          }
          return cursors.moveTo(tx, read.conversation(), read.by(), upTo);
        });
  }

  private long sweep() {
    long removed = 0;
    long some = 0;
    while (some >= 0 && !stopping) {
      some = sweep.step();
      removed += Math.max(0, some);
    }
    return removed;
  }

  private static Refused notFound() {
    return Refused.missing("not_found");
  }
}
