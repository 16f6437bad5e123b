package dev.rookery.notification;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Topic;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Transaction;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Writes notifications in the transactions of other domains. */
public final class NotificationWriter {
  private final NotificationStore store = new NotificationStore();
  private final Map<NotificationKind, Counter> written = new EnumMap<>(NotificationKind.class);

  /** A writer that counts nowhere. */
  public NotificationWriter() {
    this(new CompositeMeterRegistry());
  }

  public NotificationWriter(MeterRegistry meters) {
    for (NotificationKind kind : NotificationKind.values()) {
      written.put(
          kind,
          Counter.builder("rookery.notifications")
              .description("Notifications written, by kind; replacing one counts too")
              .tag("type", kind.name().toLowerCase(Locale.ROOT))
              .register(meters));
    }
  }

  /**
   * A notification to be written.
   *
   * @param sender the recipient for a notification of the server itself
   * @param messages how many messages of a conversation it stands for; they are added to those of
   *     the notification that it replaces. 0 for a notification about something else.
   */
  public record Draft(
      NotificationKind kind,
      PlayerId sender,
      PlayerId recipient,
      String title,
      String content,
      Map<String, Object> metadata,
      int messages) {
    /** A notification that a player writes. */
    public Draft(
        PlayerId sender,
        PlayerId recipient,
        String title,
        String content,
        Map<String, Object> metadata) {
      this(NotificationKind.CUSTOM, sender, recipient, title, content, metadata, 0);
    }

    /** A notification with the title of its kind, whose type is added to the metadata. */
    public static Draft of(
        NotificationKind kind,
        PlayerId sender,
        PlayerId recipient,
        String content,
        Map<String, Object> metadata) {
      return new Draft(kind, sender, recipient, kind.title(), content, typed(kind, metadata), 0);
    }

    /**
     * A notification about messages that a player has not read, of the player to themselves.
     *
     * @param title of its own for each conversation that is counted apart
     */
    public static Draft ofMessages(
        NotificationKind kind,
        PlayerId recipient,
        String title,
        Map<String, Object> metadata,
        int messages) {
      return new Draft(
          kind, recipient, recipient, title, "1 new message", typed(kind, metadata), messages);
    }

    private static Map<String, Object> typed(NotificationKind kind, Map<String, Object> metadata) {
      var typed = new LinkedHashMap<String, Object>();
      typed.put("type", kind.type());
      typed.putAll(metadata);
      return typed;
    }

    /** The same notification, of that many messages. */
    public Draft withMessages(int count) {
      return new Draft(kind, sender, recipient, title, content, metadata, count);
    }

    /** The thing that the notification is about, such as {@code group:5}; empty for none. */
    String subject() {
      return kind.subject(metadata);
    }
  }

  /**
   * A notification whose cause is gone.
   *
   * @param subject the thing that it is about, such as {@code party:5}; a later notification of the
   *     same title about another thing stays
   */
  public record Retraction(
      NotificationKind kind, PlayerId sender, PlayerId recipient, String subject) {}

  /**
   * Stores notifications and appends {@link NotificationEvent.Posted} to their recipients' streams.
   * A notification of the same sender and title is replaced: it becomes unread again and keeps its
   * id and creation time. One whose recipient has switched its kind off is not stored and not
   * answered; what a player or a group writes that the recipient has muted is stored as read, and
   * appends no event. The number for each recipient is not limited, so this is only for
   * notifications of the server itself, which have few titles.
   */
  public List<Notification> putAll(Transaction tx, List<Draft> drafts) {
    List<Notification> stored = store.put(tx, drafts);
    stored.forEach(
        notification ->
            Objects.requireNonNull(written.get(NotificationKind.ofCode(notification.code())))
                .increment());
    stored.stream()
        .filter(notification -> !notification.read())
        .forEach(
            notification ->
                tx.append(
                    Topic.player(notification.recipient()),
                    new NotificationEvent.Posted(notification)));
    return stored;
  }

  /**
   * As {@link #putAll}, except that nothing happens for a recipient who has an unread notification
   * of the same sender and title about the same subject. So a player who repeats what causes it
   * does not notify again.
   */
  public void putUnlessUnread(Transaction tx, List<Draft> drafts) {
    putAll(tx, store.withoutUnread(tx, drafts));
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

  /** Deletes notifications whose cause is gone; appends no event. */
  public void retractAll(Transaction tx, Collection<Retraction> all) {
    store.retract(tx, all);
  }

  /**
   * Takes messages that were deleted off the notification of messages from friends, and deletes it
   * if it stands for no others; appends no event. Those from before the notification are none of
   * its.
   *
   * @param written when the messages to each recipient were written, in milliseconds
   */
  public void uncountFriendMessages(Transaction tx, Map<PlayerId, List<Long>> written) {
    store.uncount(tx, written);
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
