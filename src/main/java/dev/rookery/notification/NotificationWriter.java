package dev.rookery.notification;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Topic;
import dev.rookery.store.Transaction;
import java.util.Map;

/** Notices, for the domains that write them together with rows of their own. */
public final class NotificationWriter {
  private final NotificationStore store = new NotificationStore();

  /**
   * Leaves a notice and tells the recipient's stream. One of the same sender and title is written
   * over, unread again, and keeps its id and its time. Not bounded in number: for the server's own
   * notices, of which there are few titles.
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
   * SQL for whether there are stored notices for the player whose id is that column or value, as 0
   * or 1. A statement of a later domain that shows a player in spares him the question with it.
   */
  public static String existsFor(String recipient) {
    return """
    CASE WHEN EXISTS (SELECT 1 FROM notification WHERE notification.recipient_id = %s)
      THEN 1 ELSE 0 END\
    """
        .formatted(recipient);
  }
}
