package dev.rookery.notification;

import dev.rookery.base.NotificationId;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.base.Topic;
import dev.rookery.notification.NotificationWriter.Draft;
import dev.rookery.notification.NotificationWriter.Retraction;
import dev.rookery.player.Players;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.Rows;
import dev.rookery.store.StatementTexts;
import dev.rookery.store.Transaction;
import dev.rookery.store.ValuesTable;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Notifications as rows. */
final class NotificationStore {
  private static final String PUT =
      """
      INSERT INTO notification
        (sender_id, recipient_id, title, content, metadata, kind, code, subject, messages,
          created_ms, updated_ms, is_read)
      SELECT CAST(column1 AS BIGINT), CAST(column2 AS BIGINT), column3, column4, column5, column6,
        CAST(column7 AS INTEGER), column8, CAST(column9 AS BIGINT),
        CAST($1 AS BIGINT), CAST($1 AS BIGINT), CASE WHEN %s THEN 1 ELSE 0 END
      FROM %%s WHERE column1 IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM notification_mute AS mute
        WHERE mute.player_id = CAST(column2 AS BIGINT) AND mute.code = CAST(column7 AS INTEGER))
      ON CONFLICT (recipient_id, sender_id, title) DO UPDATE SET
        content = excluded.content, metadata = excluded.metadata, is_read = excluded.is_read,
        kind = excluded.kind, code = excluded.code, subject = excluded.subject,
        messages = CASE WHEN excluded.messages = 0 THEN 0
          ELSE notification.messages + excluded.messages END,
        updated_ms = excluded.updated_ms
      RETURNING id, sender_id, recipient_id, title, messages, created_ms, is_read
      """
          .formatted(PersonalMuteStore.OF_DRAFT);

  private static final String RETRACT =
      """
      DELETE FROM notification WHERE id IN (
        SELECT notification.id FROM %s JOIN notification
          ON notification.recipient_id = CAST(given.column1 AS BIGINT)
            AND notification.sender_id = CAST(given.column2 AS BIGINT)
            AND notification.title = given.column3
            AND notification.subject IN ('', given.column4))
      """;

  private static final String FRIENDS_SINCE =
      """
      SELECT notification.recipient_id, notification.created_ms FROM %s JOIN notification
        ON notification.recipient_id = CAST(given.column1 AS BIGINT)
          AND notification.sender_id = notification.recipient_id AND notification.title = $1
      """;

  private static final String RETRACT_UNCOUNTED =
      """
      DELETE FROM notification WHERE id IN (
        SELECT notification.id FROM %s JOIN notification
          ON notification.recipient_id = CAST(given.column1 AS BIGINT)
            AND notification.sender_id = notification.recipient_id AND notification.title = $1
        WHERE notification.messages <= CAST(given.column2 AS BIGINT))
      """;

  private static final String UNCOUNT =
      """
      UPDATE notification SET messages = notification.messages - CAST(given.column2 AS BIGINT)
      FROM %s
      WHERE notification.recipient_id = CAST(given.column1 AS BIGINT)
        AND notification.sender_id = notification.recipient_id AND notification.title = $1
      """;

  /**
   * How long after a message its notification may come; messages before that had an earlier one.
   */
  private static final long NOTIFIED_WITHIN_MS = 10_000;

  private static final String UNREAD =
      """
      SELECT notification.recipient_id, notification.sender_id, notification.title FROM %s
      JOIN notification
        ON notification.recipient_id = CAST(given.column1 AS BIGINT)
          AND notification.sender_id = CAST(given.column2 AS BIGINT)
          AND notification.title = given.column3
          AND notification.subject = given.column4
      WHERE notification.is_read = 0
      """;

  // One statement, so that the notifications and the position in the stream belong together. It
  // returns a row even if there are no notifications and no stream. The rows come in their order on
  // both databases; to be sure of it here would have them sorted once more.
  private static final String LIST =
      """
      SELECT stream.epoch, stream.head, stored.id, stored.sender_id, stored.title, stored.content,
        stored.metadata, stored.kind, stored.code, stored.messages, stored.created_ms,
        stored.is_read, %s AS sender_name
      FROM (SELECT 1 AS one) AS always
      LEFT JOIN stream ON stream.name = $1
      LEFT JOIN (
        SELECT id, sender_id, title, content, metadata, kind, code, messages, created_ms, is_read
        FROM notification WHERE recipient_id = $2 ORDER BY created_ms, id LIMIT $3) AS stored ON 1 = 1
      """
          .formatted(Players.nameOf("stored.sender_id"));

  private static final String SELECT =
      "SELECT id, sender_id, recipient_id, title, content, metadata, kind, code, messages,"
          + " created_ms, is_read, "
          + Players.nameOf("notification.sender_id")
          + " AS sender_name FROM notification ";

  private static final String PAGE =
      SELECT + "WHERE recipient_id = $1 ORDER BY created_ms, id LIMIT $2 OFFSET $3";

  private static final String NEWEST =
      SELECT + "WHERE recipient_id = $1 ORDER BY updated_ms DESC, id DESC LIMIT $2 OFFSET $3";

  private static final String TOTAL =
      "SELECT COUNT(*) AS total FROM notification WHERE recipient_id = $1";

  private static final String COUNT_UNREAD = TOTAL + " AND is_read = 0";

  private static final String COUNT =
      """
      SELECT recipient_id, COUNT(*) AS total FROM notification WHERE recipient_id IN (%s)
      GROUP BY recipient_id
      """;

  private static final String MARK_READ =
      "UPDATE notification SET is_read = 1 WHERE recipient_id = $1 AND id = $2 RETURNING id";

  private static final String MARK_ALL_READ =
      """
      UPDATE notification SET is_read = 1
      WHERE recipient_id = $1 AND updated_ms <= $2 AND is_read = 0
      RETURNING id
      """;

  private static final String DELETE_UP_TO =
      "DELETE FROM notification WHERE recipient_id = $1 AND updated_ms <= $2 RETURNING id";

  private static final String ONE = SELECT + "WHERE id = $1";

  private static final String DELETE_ALL =
      "DELETE FROM notification WHERE recipient_id = $1 AND id IN (%s) RETURNING id";

  private static final String FORGET =
      "DELETE FROM notification WHERE recipient_id = $1 OR sender_id = $1";

  private static final Comparator<Notification> OLDEST_FIRST =
      Comparator.comparingLong(Notification::createdMs)
          .thenComparingLong(notification -> notification.id().value());

  private final StatementTexts texts = new StatementTexts();

  /**
   * Inserts or replaces notifications; answers them in the order of the drafts, without those of
   * kinds that their recipients have switched off.
   */
  List<Notification> put(Transaction tx, List<Draft> drafts) {
    var stored = new ArrayList<Notification>(drafts.size());
    var part = new LinkedHashMap<Key, Draft>();
    for (Draft draft : drafts) {
      // One statement can write a row only once.
      if (part.size() == Placeholders.MANY_MAX || part.containsKey(Key.of(draft))) {
        stored.addAll(putPart(tx, part));
        part.clear();
      }
      part.put(Key.of(draft), draft);
    }
    stored.addAll(putPart(tx, part));
    return stored;
  }

  /** The drafts without those of which the recipient has an unread one about the same subject. */
  List<Draft> withoutUnread(Transaction tx, List<Draft> drafts) {
    var unread = new HashSet<Key>();
    Placeholders.inParts(
        drafts,
        part -> {
          var given = new ValuesTable(4);
          part.forEach(one -> given.add(one.recipient(), one.sender(), one.title(), one.subject()));
          unread.addAll(given.run(tx, texts, UNREAD).all(NotificationStore::key));
        });
    return drafts.stream().filter(draft -> !unread.contains(Key.of(draft))).toList();
  }

  private List<Notification> putPart(Transaction tx, Map<Key, Draft> drafts) {
    if (drafts.isEmpty()) {
      return List.of();
    }
    var given = new ValuesTable(9);
    drafts.keySet().stream()
        .sorted(Key.ORDER)
        .forEach(
            key -> {
              Draft draft = Objects.requireNonNull(drafts.get(key));
              given.add(
                  key.sender,
                  key.recipient,
                  key.title,
                  draft.content(),
                  new JsonObject(draft.metadata()).encode(),
                  draft.kind().type(),
                  draft.kind().code(),
                  draft.subject(),
                  draft.messages());
            });
    var rows = new HashMap<Key, Row>();
    given
        .run(tx, texts, PUT, tx.now().toEpochMilli())
        .all(row -> row)
        .forEach(row -> rows.put(key(row), row));
    return drafts.entrySet().stream()
        .flatMap(
            entry ->
                Stream.ofNullable(rows.get(entry.getKey()))
                    .map(row -> notification(row, entry.getValue())))
        .toList();
  }

  Page<Notification> page(Reader reader, PlayerId recipient, Page.Request page) {
    return page(reader, PAGE, recipient, page);
  }

  Page<Notification> newest(Reader reader, PlayerId recipient, Page.Request page) {
    return page(reader, NEWEST, recipient, page);
  }

  private static Page<Notification> page(
      Reader reader, String statement, PlayerId recipient, Page.Request page) {
    List<Notification> found =
        reader
            .read(statement, recipient.value(), (long) page.size(), page.offset())
            .all(row -> notification(row, recipient));
    long total =
        page.total(
            found.size(), () -> reader.read(TOTAL, recipient.value()).row(0).number("total"));
    return new Page<>(found, page.number(), page.size(), total);
  }

  long countUnread(Reader reader, PlayerId recipient) {
    return reader.read(COUNT_UNREAD, recipient.value()).row(0).number("total");
  }

  Map<PlayerId, Long> count(Reader reader, Collection<PlayerId> recipients) {
    String text =
        texts.of("count", recipients.size(), size -> COUNT.formatted(Placeholders.list(1, size)));
    var counts = new HashMap<PlayerId, Long>();
    reader
        .read(text, Placeholders.values(0, recipients, PlayerId::value))
        .all(row -> row)
        .forEach(row -> counts.put(new PlayerId(row.number("recipient_id")), row.number("total")));
    return counts;
  }

  /** Empty if the player has no such notification. */
  Optional<Notification> markRead(Transaction tx, PlayerId recipient, NotificationId id) {
    return tx.run(MARK_READ, recipient.value(), id.value()).isEmpty()
        ? Optional.empty()
        : tx.run(ONE, id.value()).first(row -> notification(row, recipient));
  }

  int markAllRead(Transaction tx, PlayerId recipient, long upToMs) {
    return tx.run(MARK_ALL_READ, recipient.value(), upToMs).size();
  }

  int deleteAll(Transaction tx, PlayerId recipient, long upToMs) {
    return tx.run(DELETE_UP_TO, recipient.value(), upToMs).size();
  }

  /** Deletes those that the player received, and answers how many. */
  int delete(Transaction tx, PlayerId recipient, List<NotificationId> ids) {
    var deleted = new AtomicInteger();
    Placeholders.inParts(
        ids,
        part -> {
          @Nullable Object[] values = Placeholders.values(1, part, NotificationId::value);
          values[0] = recipient.value();
          String text =
              texts.of(
                  "delete", part.size(), size -> DELETE_ALL.formatted(Placeholders.list(2, size)));
          deleted.addAndGet(tx.run(text, values).size());
        });
    return deleted.get();
  }

  void retract(Transaction tx, Collection<Retraction> all) {
    Placeholders.inParts(
        List.copyOf(all),
        part -> {
          var given = new ValuesTable(4);
          part.forEach(
              one -> given.add(one.recipient(), one.sender(), one.kind().title(), one.subject()));
          given.run(tx, texts, RETRACT);
        });
  }

  /**
   * Counts messages of friends no more.
   *
   * @param written when those to each recipient were written
   */
  void uncount(Transaction tx, Map<PlayerId, List<Long>> written) {
    String title = NotificationKind.CHAT_FRIEND.title();
    Placeholders.inParts(
        List.copyOf(written.keySet()),
        part -> {
          var recipients = new ValuesTable(1);
          part.forEach(recipients::add);
          var counted = new ValuesTable(2);
          recipients
              .run(tx, texts, FRIENDS_SINCE, title)
              .all(row -> row)
              .forEach(
                  row -> {
                    var recipient = new PlayerId(row.number("recipient_id"));
                    long since = row.number("created_ms") - NOTIFIED_WITHIN_MS;
                    List<Long> times = written.getOrDefault(recipient, List.of());
                    counted.add(recipient, times.stream().filter(time -> time >= since).count());
                  });
          if (!counted.isEmpty()) {
            counted.run(tx, texts, RETRACT_UNCOUNTED, title);
            counted.run(tx, texts, UNCOUNT, title);
          }
        });
  }

  StoredNotifications list(Reader reader, PlayerId recipient, int max) {
    Rows rows = reader.read(LIST, Topic.player(recipient), recipient.value(), (long) max);
    var notifications = new ArrayList<Notification>(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      if (rows.row(i).numberOrNull("id") != null) {
        notifications.add(notification(rows.row(i), recipient));
      }
    }
    notifications.sort(OLDEST_FIRST);
    return new StoredNotifications(notifications, position(rows.row(0)));
  }

  /** Deletes all notifications that the player sent or received. */
  void forget(Transaction tx, PlayerId player) {
    tx.run(FORGET, player.value());
  }

  /** What one notification replaces another by. */
  private record Key(PlayerId recipient, PlayerId sender, String title) {
    /** The order in which all transactions wait for each other's rows. */
    static final Comparator<Key> ORDER =
        Comparator.comparing(Key::recipient, Players.BY_ID)
            .thenComparing(Key::sender, Players.BY_ID)
            .thenComparing(Key::title);

    static Key of(Draft draft) {
      return new Key(draft.recipient(), draft.sender(), draft.title());
    }
  }

  private static Key key(Row row) {
    return new Key(
        new PlayerId(row.number("recipient_id")),
        new PlayerId(row.number("sender_id")),
        row.text("title"));
  }

  private static Notification notification(Row row, Draft draft) {
    return new Notification(
        new NotificationId(row.number("id")),
        draft.sender(),
        "",
        draft.recipient(),
        draft.title(),
        draft.content(),
        metadata(draft.metadata(), row.number("messages")),
        row.number("created_ms"),
        row.flag("is_read"),
        draft.kind().type(),
        draft.kind().code());
  }

  private static Position position(Row row) {
    Long epoch = row.numberOrNull("epoch");
    return epoch == null ? Position.START : new Position(epoch, row.number("head"));
  }

  static Notification notification(Row row) {
    return notification(row, new PlayerId(row.number("recipient_id")));
  }

  private static Notification notification(Row row, PlayerId recipient) {
    return new Notification(
        new NotificationId(row.number("id")),
        new PlayerId(row.number("sender_id")),
        row.text("sender_name"),
        recipient,
        row.text("title"),
        row.text("content"),
        metadata(new JsonObject(row.text("metadata")).getMap(), row.number("messages")),
        row.number("created_ms"),
        row.flag("is_read"),
        row.text("kind"),
        (int) row.number("code"));
  }

  /** With the number of messages, which is counted in a column of its own. */
  private static Map<String, Object> metadata(Map<String, Object> stored, long messages) {
    if (messages == 0) {
      return stored;
    }
    var counted = new LinkedHashMap<>(stored);
    counted.put("message_count", messages);
    return counted;
  }
}
