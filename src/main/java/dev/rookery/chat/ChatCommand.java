package dev.rookery.chat;

import dev.rookery.base.MessageId;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.base.VisibleText;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Commands and queries of conversations. A player who is not in one may neither write nor read in
 * it: {@code Denied("not_in_lobby")}. A message that does not exist, or that the player may not
 * read, is {@code Missing("not_found")}.
 */
public sealed interface ChatCommand<R> extends Command<R> {
  String ADDRESS = "chat";

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * {@code Limited("slowdown")} when the sender has to wait; invalid {@code content} or {@code
   * metadata}. Messages of one sender are sent in the order of their arrival at a node.
   */
  record Send(
      PlayerId sender,
      Conversation conversation,
      @Nullable String content,
      Map<String, Object> metadata,
      @Nullable String idempotencyKey)
      implements ChatCommand<ChatMessage> {
    public Send {
      content = content == null ? null : VisibleText.withLineFeeds(content);
    }
  }

  /** {@code Denied("forbidden")} for anyone but the sender. A null keeps what is there. */
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

  /** {@code Denied("forbidden")} for anyone but the sender. */
  record Delete(PlayerId by, MessageId message) implements ChatCommand<Done> {}

  record Get(PlayerId by, MessageId message) implements ChatCommand<ChatMessage> {}

  /** Newest first. */
  record ListMessages(PlayerId by, Conversation conversation, Page.Request page)
      implements ChatCommand<Page<ChatMessage>> {}

  /**
   * Marks the conversation as read up to a message. The mark only moves forward: an earlier
   * message, which another device may send late, and null leave it where it is. {@code
   * Missing("not_found")} for an unknown message.
   */
  record MarkRead(PlayerId by, Conversation conversation, @Nullable MessageId upTo)
      implements ChatCommand<ReadCursor> {}

  record CountUnread(PlayerId by, Conversation conversation) implements ChatCommand<Long> {}
}
