package dev.rookery.notification;

import dev.rookery.base.NotificationId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.base.Topic;
import dev.rookery.player.Players;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.Rows;
import dev.rookery.store.Transaction;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Map;

/** Notifications as rows. */
final class NotificationStore {
  private static final String PUT =
      """
      INSERT INTO notification
        (sender_id, recipient_id, title, content, metadata, created_ms, updated_ms)
      VALUES ($1, $2, $3, $4, $5, $6, $6)
      ON CONFLICT (recipient_id, sender_id, title) DO UPDATE SET
        content = excluded.content, metadata = excluded.metadata, is_read = 0,
        updated_ms = excluded.updated_ms
      RETURNING id, created_ms
      """;

  // One statement, so that the notifications and the position in the stream belong together. It
  // returns a row even if there are no notifications and no stream.
  private static final String LIST =
      """
      SELECT stream.epoch, stream.head, stored.id, stored.sender_id, stored.title, stored.content,
        stored.metadata, stored.created_ms, %s AS sender_name
      FROM (SELECT 1 AS one) AS always
      LEFT JOIN stream ON stream.name = $1
      LEFT JOIN (
        SELECT id, sender_id, title, content, metadata, created_ms FROM notification
        WHERE recipient_id = $2 ORDER BY created_ms, id LIMIT $3) AS stored ON 1 = 1
      ORDER BY stored.created_ms, stored.id
      """
          .formatted(Players.nameOf("stored.sender_id"));

  private static final String FORGET =
      "DELETE FROM notification WHERE recipient_id = $1 OR sender_id = $1";

  Notification put(
      Transaction tx,
      PlayerId sender,
      PlayerId recipient,
      String title,
      String content,
      Map<String, Object> metadata) {
    Row row =
        tx.run(
                PUT,
                sender.value(),
                recipient.value(),
                title,
                content,
                new JsonObject(metadata).encode(),
                tx.now().toEpochMilli())
            .row(0);
    return new Notification(
        new NotificationId(row.number("id")),
        sender,
        "",
        recipient,
        title,
        content,
        metadata,
        row.number("created_ms"));
  }

  StoredNotifications list(Reader reader, PlayerId recipient, int max) {
    Rows rows = reader.read(LIST, Topic.player(recipient), recipient.value(), (long) max);
    var notifications = new ArrayList<Notification>(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      if (rows.row(i).numberOrNull("id") != null) {
        notifications.add(notification(rows.row(i), recipient));
      }
    }
    return new StoredNotifications(notifications, position(rows.row(0)));
  }

  /** Deletes all notifications that the player sent or received. */
  void forget(Transaction tx, PlayerId player) {
    tx.run(FORGET, player.value());
  }

  private static Position position(Row row) {
    Long epoch = row.numberOrNull("epoch");
    return epoch == null ? Position.START : new Position(epoch, row.number("head"));
  }

  private static Notification notification(Row row, PlayerId recipient) {
    return new Notification(
        new NotificationId(row.number("id")),
        new PlayerId(row.number("sender_id")),
        row.text("sender_name"),
        recipient,
        row.text("title"),
        row.text("content"),
        new JsonObject(row.text("metadata")).getMap(),
        row.number("created_ms"));
  }
}
