package dev.rookery.chat;

import dev.rookery.base.MessageId;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.base.VisibleText;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Commands and queries of conversations. A player who is not in one may neither write nor read in
 * it: {@code Denied} with {@code not_in_lobby}, {@code not_in_party} or {@code not_in_group}. Two
 * players write to each other while they are friends ({@code not_friends}, {@code blocked}), and
 * always read what they wrote. A player whom an admin has muted writes nowhere ({@code muted}). Any
 * player may write and read in a room ({@code room_not_found}). A message that does not exist, or
 * that the player may not read, is {@code Missing("not_found")}.
 */
public sealed interface ChatCommand<R> extends Command<R> {
  String ADDRESS = "chat";

  /** How many messages of a conversation are counted, however many there are. */
  int COUNTED_MAX = 10_000;

  /** How many messages are looked through for a part of their text. */
  int SEARCHED_MAX = 2_500;

  /** How long the name of a room may be, in code points. */
  int ROOM_NAME_MAX = 64;

  /** In how many conversations unread messages are counted at once. */
  int CONVERSATIONS_MAX = 64;

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * {@code Limited("slowdown")} when the sender has to wait; invalid {@code content}, {@code
   * metadata} or {@code content_json}. Messages of one sender into conversations of one kind are
   * sent in the order of their arrival at a node.
   *
   * @param code see {@link ChatMessage}
   * @param contentJson a JSON object instead of a text; null for a text
   * @param idempotencyKey 1 to 200 characters, or null
   */
  record Send(
      PlayerId sender,
      Conversation conversation,
      @Nullable String content,
      Map<String, Object> metadata,
      int code,
      @Nullable Map<String, Object> contentJson,
      @Nullable String idempotencyKey)
      implements ChatCommand<ChatMessage> {
    public Send {
      content = content == null ? null : VisibleText.withLineFeeds(content);
    }

    /** A text. */
    public Send(
        PlayerId sender,
        Conversation conversation,
        @Nullable String content,
        Map<String, Object> metadata,
        @Nullable String idempotencyKey) {
      this(sender, conversation, content, metadata, 0, null, idempotencyKey);
    }
  }

  /**
   * {@code Denied("forbidden")} for anyone but the sender; a sender who may not write in the
   * conversation now is refused as by {@link Send}. A null keeps what is there.
   */
  record Edit(
      PlayerId by,
      MessageId message,
      @Nullable String content,
      @Nullable Map<String, Object> metadata)
      implements ChatCommand<ChatMessage> {
    public Edit {
      content = content == null ? null : VisibleText.withLineFeeds(content);
    }
  }

  /**
   * Returns the room of a name, which is created if there is none. Invalid {@code name} unless it
   * is a line of 1 to {@value #ROOM_NAME_MAX} characters.
   */
  record OpenRoom(String name) implements ChatCommand<Conversation> {}

  /** {@code Denied("forbidden")} for anyone but the sender. */
  record Delete(PlayerId by, MessageId message) implements ChatCommand<Done> {}

  record Get(PlayerId by, MessageId message) implements ChatCommand<ChatMessage> {}

  /**
   * Lists messages, newest first. At most {@value #COUNTED_MAX} are counted, and pages beyond them
   * are empty: older ones are reached by {@code before}.
   *
   * @param before only messages with a lower id; null for all
   */
  record ListMessages(
      PlayerId by, Conversation conversation, @Nullable MessageId before, Page.Request page)
      implements ChatCommand<Page<ChatMessage>> {
    public ListMessages(PlayerId by, Conversation conversation, Page.Request page) {
      this(by, conversation, null, page);
    }
  }

  /**
   * Marks the conversation as read up to a message. The mark only moves forward: an earlier
   * message, which another device may send late, and null leave it where it is. {@code
   * Missing("not_found")} for an unknown message.
   */
  record MarkRead(PlayerId by, Conversation conversation, @Nullable MessageId upTo)
      implements ChatCommand<ReadCursor> {}

  /**
   * Counts the messages after the player's read cursor, up to {@value #COUNTED_MAX}: those of the
   * other player in a direct conversation, all of them in others. Of these, what the player has
   * muted is left out (see {@link PersonalMuteCommand}).
   */
  record CountUnread(PlayerId by, Conversation conversation) implements ChatCommand<Long> {}

  /**
   * As {@link CountUnread}, for several conversations at once, at most {@value #CONVERSATIONS_MAX},
   * in their order. A conversation that the player may not read has none.
   */
  record CountUnreadInAll(PlayerId by, List<Conversation> conversations)
      implements ChatCommand<List<Long>> {
    public CountUnreadInAll {
      conversations = List.copyOf(conversations);
      if (conversations.size() > CONVERSATIONS_MAX) {
        throw new IllegalArgumentException(conversations.size() + " conversations at once");
      }
    }
  }

  /**
   * Which messages an admin looks for; a null stands for any.
   *
   * @param reference the lobby, party, group or, of a direct message, the recipient
   * @param content a part of the text, in upper or lower case
   */
  record Filter(
      @Nullable PlayerId sender,
      Conversation.@Nullable Kind kind,
      @Nullable Long reference,
      @Nullable String content,
      boolean oldestFirst) {}

  /**
   * Lists messages of all conversations, for admins. Of those of the sender and the reference, the
   * newest (or oldest) {@value #COUNTED_MAX} are counted; with a part of the content, or a kind
   * without a reference, the first {@value #SEARCHED_MAX} of them are looked through.
   */
  record ListAll(Filter filter, Page.Request page) implements ChatCommand<Page<ModeratedMessage>> {}

  /**
   * A part of the list of {@link ListAll}, in its order, for those who read it to its end.
   *
   * @param after the last message of the part before; null for the first part
   */
  record ListAfter(Filter filter, @Nullable MessageId after, int max)
      implements ChatCommand<List<ModeratedMessage>> {}

  /**
   * Counts stored messages; reads all of them.
   *
   * @param kind null for all
   */
  record CountMessages(Conversation.@Nullable Kind kind) implements ChatCommand<Long> {}

  /** Counts the players who have sent a message that is stored; reads all messages. */
  record CountSenders() implements ChatCommand<Long> {}

  /** Deletes any message, for admins; nobody is told. */
  record DeleteAny(MessageId message) implements ChatCommand<Done> {}

  /**
   * Deletes all messages with that reference, for admins, and returns how many; nobody is told.
   *
   * @param reference see {@link Filter}
   */
  record DeleteAll(Conversation.Kind kind, long reference) implements ChatCommand<Long> {}

  /**
   * Deletes all messages of a conversation and how far its members have read, and returns how many
   * messages; nobody is told.
   */
  record Clear(Conversation conversation) implements ChatCommand<Long> {}

  /** Deletes the messages and read cursors of a player, when the account is deleted. */
  record Forget(PlayerId player) implements ChatCommand<Done> {}
}
