package dev.rookery.extension;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Conversations. What players do is refused as it is for themselves. */
public interface Chat {
  /** Sends a message in the name of a player. {@code not_in_lobby}, {@code slowdown} … */
  default ChatMessage send(long userId, ChatTarget target, String content) {
    return send(userId, target, content, Map.of(), null);
  }

  /** As the shorter method, once per idempotency key. */
  ChatMessage send(
      long userId,
      ChatTarget target,
      String content,
      Map<String, Object> metadata,
      @Nullable String idempotencyKey);

  /** Changes a message of the player; null keeps a value. Runs no hook. */
  ChatMessage edit(
      long userId,
      long messageId,
      @Nullable String content,
      @Nullable Map<String, Object> metadata);

  /** Deletes a message of the player. */
  void deleteOwn(long userId, long messageId);

  /** Deletes any message; nobody is told. */
  void delete(long messageId);

  /** A message that the player may read. */
  @Nullable ChatMessage find(long userId, long messageId);

  /** The messages of a conversation of the player, newest first. */
  ResultPage<ChatMessage> list(long userId, ChatTarget target, int page, int pageSize);

  /** Marks the conversation as read up to a message. */
  void markRead(long userId, ChatTarget target, long messageId);

  /** How many messages the player has not read, up to 10,000. */
  long countUnread(long userId, ChatTarget target);
}
