package dev.rookery.extension;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Notifications to players. They are stored, and pushed to the sockets of the recipient. */
public interface Notifications {
  /**
   * Sends a notification in the name of a player to anybody, beyond the limit of the recipient. It
   * replaces one of the same sender and title. {@code user_not_found} for the sender or the
   * recipient.
   */
  default Notification create(
      long senderId, long recipientId, String title, String content, Map<String, Object> metadata) {
    return create(senderId, recipientId, title, content, metadata, null);
  }

  /** As the shorter method, once per idempotency key. */
  Notification create(
      long senderId,
      long recipientId,
      String title,
      String content,
      Map<String, Object> metadata,
      @Nullable String idempotencyKey);

  /** Sends a notification to a friend, as the player can. {@code not_friends}. */
  Notification sendToFriend(
      long senderId, long recipientId, String title, String content, Map<String, Object> metadata);

  /** The notifications to a player, oldest first. */
  ResultPage<Notification> list(long userId, int page, int pageSize);

  /** The notifications of all players, newest first. */
  ResultPage<Notification> listAll(
      @Nullable Long recipientId,
      @Nullable Long senderId,
      @Nullable String titlePart,
      int page,
      int pageSize);

  /** How many notifications a player has not read. */
  long countUnread(long userId);

  Notification markRead(long userId, long notificationId);

  /** Deletes those that the player received; returns how many. */
  int delete(long userId, List<Long> notificationIds);

  /** Deletes a notification of any player. */
  void delete(long notificationId);
}
