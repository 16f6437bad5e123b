package dev.rookery.extension;

import java.util.List;
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

  /**
   * Deletes all messages of a conversation, and how far its members have read; nobody is told.
   *
   * @param userId one of the two players of a direct conversation; otherwise without effect
   * @return how many messages
   */
  long clear(long userId, ChatTarget target);

  /**
   * Searches the messages of all conversations, newest first. The newest 10,000 of the sender are
   * looked through and counted.
   *
   * @param senderId null for any
   * @param contentPart a part of the text, ignoring case; null for any
   */
  ResultPage<ChatMessage> search(
      @Nullable Long senderId, @Nullable String contentPart, int page, int pageSize);

  /**
   * How many messages are stored. Reads all of them: for reports, not for each request.
   *
   * @param type null for all, with those of rooms
   */
  long countMessages(ChatTarget.@Nullable Type type);

  /** How many players have sent a message that is stored. Reads all of them. */
  long countSenders();

  /** A message that the player may read. */
  @Nullable ChatMessage find(long userId, long messageId);

  /** The messages of a conversation of the player, newest first. */
  ResultPage<ChatMessage> list(long userId, ChatTarget target, int page, int pageSize);

  /** Marks the conversation as read up to a message. */
  void markRead(long userId, ChatTarget target, long messageId);

  /** How many messages the player has not read, up to 10,000. */
  long countUnread(long userId, ChatTarget target);

  /**
   * As {@link #countUnread(long, ChatTarget)}, for at most 64 conversations at once, in their
   * order; 0 for those that the player may not read.
   *
   * @throws IllegalArgumentException for more conversations
   */
  List<Long> countUnread(long userId, List<ChatTarget> targets);
}
