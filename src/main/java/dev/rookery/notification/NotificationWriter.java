package dev.rookery.notification;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Topic;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Transaction;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Writes notifications in the transactions of other domains. */
public final class NotificationWriter {
  private final NotificationStore store = new NotificationStore();

  /**
   * A notification to be written.
   *
   * @param sender the recipient for a notification of the server itself
   */
  public record Draft(
      PlayerId sender,
      PlayerId recipient,
      String title,
      String content,
      Map<String, Object> metadata) {}

  /** What one notification replaces another by. */
  public record Subject(PlayerId sender, PlayerId recipient, String title) {}

  /**
   * Stores notifications and appends {@link NotificationEvent.Posted} to their recipients' streams.
   * A notification of the same sender and title is replaced: it becomes unread again and keeps its
   * id and creation time. The number for each recipient is not limited, so this is only for
   * notifications of the server itself, which have few titles.
   */
  public List<Notification> putAll(Transaction tx, List<Draft> drafts) {
    List<Notification> stored = store.put(tx, drafts);
    stored.forEach(
        notification ->
            tx.append(
                Topic.player(notification.recipient()),
                new NotificationEvent.Posted(notification)));
    return stored;
  }

  /** As {@link #putAll}, of one notification. */
  public Notification put(
      Transaction tx,
      PlayerId sender,
      PlayerId recipient,
      String title,
      String content,
      Map<String, Object> metadata) {
    return putAll(tx, List.of(new Draft(sender, recipient, title, content, metadata))).getFirst();
  }

  /** How many notifications each of at most {@link Placeholders#MANY_MAX} players holds. */
  public Map<PlayerId, Long> count(Transaction tx, Collection<PlayerId> recipients) {
    return store.count(tx, recipients);
  }

  /** Deletes a notification whose cause is gone; appends no event. */
  public void retract(Transaction tx, PlayerId sender, PlayerId recipient, String title) {
    store.delete(tx, sender, recipient, title);
  }

  /** As {@link #retract}, of several. */
  public void retractAll(Transaction tx, Collection<Subject> subjects) {
    store.delete(tx, subjects);
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
