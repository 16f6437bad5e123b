package dev.rookery.notification;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Topic;
import dev.rookery.store.Transaction;
import java.util.Map;

/** Writes notifications in the transactions of other domains. */
public final class NotificationWriter {
  private final NotificationStore store = new NotificationStore();

  /**
   * Stores a notification and appends {@link NotificationEvent.Posted} to the recipient's stream. A
   * notification of the same sender and title is replaced: it becomes unread again and keeps its id
   * and creation time. The number for each recipient is not limited, so this is only for
   * notifications of the server itself, which have few titles.
   */
  public Notification put(
      Transaction tx,
      PlayerId sender,
      PlayerId recipient,
      String title,
      String content,
      Map<String, Object> metadata) {
    var notification = store.put(tx, sender, recipient, title, content, metadata);
    tx.append(Topic.player(recipient), new NotificationEvent.Posted(notification));
    return notification;
  }

  /**
   * Returns an SQL expression that is 1 if the player has stored notifications, else 0. Statements
   * of other domains use it to avoid a query for players who have none.
   *
   * @param recipient the column or placeholder that holds the player's id
   */
  public static String existsFor(String recipient) {
    return """
    CASE WHEN EXISTS (SELECT 1 FROM notification WHERE notification.recipient_id = %s)
      THEN 1 ELSE 0 END\
    """
        .formatted(recipient);
  }
}
