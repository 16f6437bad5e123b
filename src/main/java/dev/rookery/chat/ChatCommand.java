package dev.rookery.chat;

import dev.rookery.base.MessageId;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Conversations. Who is not in one may neither write nor read it: {@code Denied("not_in_lobby")}. A
 * message that does not exist, or not for the one who asks, is {@code Missing("not_found")}.
 */
public sealed interface ChatCommand<R> extends Command<R> {
  String ADDRESS = "chat";

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * {@code Limited("slowdown")} when the conversation asks for a pause; invalid {@code content} or
   * {@code metadata}.
   */
  record Send(
      PlayerId sender,
      Conversation conversation,
      @Nullable String content,
      Map<String, Object> metadata,
      @Nullable String idempotencyKey)
      implements ChatCommand<ChatMessage> {}

  /** {@code Denied("forbidden")} for anyone but the sender. A null keeps what is there. */
  record Edit(
      PlayerId by,
      MessageId message,
      @Nullable String content,
      @Nullable Map<String, Object> metadata)
      implements ChatCommand<ChatMessage> {}

  /** {@code Denied("forbidden")} for anyone but the sender. */
  record Delete(PlayerId by, MessageId message) implements ChatCommand<Done> {}

  record Get(PlayerId by, MessageId message) implements ChatCommand<ChatMessage> {}

  /** Newest first. */
  record ListMessages(PlayerId by, Conversation conversation, Page.Request page)
      implements ChatCommand<Page<ChatMessage>> {}

  /** May go back; null starts over. {@code Missing("not_found")} for an unknown message. */
  record MarkRead(PlayerId by, Conversation conversation, @Nullable MessageId upTo)
      implements ChatCommand<ReadCursor> {}

  record CountUnread(PlayerId by, Conversation conversation) implements ChatCommand<Long> {}
}
