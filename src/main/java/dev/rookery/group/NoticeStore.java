package dev.rookery.group;

import dev.rookery.base.GroupId;
import dev.rookery.base.PlayerId;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Notifications to all members of groups that are not yet stored for each of them. */
final class NoticeStore {
  private static final String INSERT =
      """
      INSERT INTO group_notice
        (group_id, sender_id, title, content, metadata, after_player_id, created_ms)
      VALUES ($1, $2, $3, $4, $5, 0, $6)
      """;

  private static final String NEXT =
      """
      SELECT id, group_id, sender_id, title, content, metadata, after_player_id
      FROM group_notice ORDER BY id LIMIT 1
      """;

  // Members who joined later are not told.
  private static final String MEMBERS =
      """
      SELECT group_membership.player_id FROM group_membership
      JOIN group_notice ON group_notice.id = $1
        AND group_notice.group_id = group_membership.group_id
      WHERE group_membership.player_id > group_notice.after_player_id
        AND group_membership.joined_ms <= group_notice.created_ms
      ORDER BY group_membership.player_id LIMIT $2
      """;

  private static final String ADVANCE =
      "UPDATE group_notice SET after_player_id = $1 WHERE id = $2";

  private static final String DELETE = "DELETE FROM group_notice WHERE id = $1";

  private static final String DELETE_ALL = "DELETE FROM group_notice WHERE group_id = $1";

  private static final String FORGET = "DELETE FROM group_notice WHERE sender_id = $1";

  /** A notification to all members, of whom some may have it. */
  record Notice(
      long id,
      GroupId group,
      PlayerId sender,
      String title,
      String content,
      Map<String, Object> metadata) {}

  void insert(
      Transaction tx,
      GroupId group,
      PlayerId sender,
      String title,
      String content,
      Map<String, Object> metadata) {
    tx.run(
        INSERT,
        group.value(),
        sender.value(),
        title,
        content,
        new JsonObject(metadata).encode(),
        tx.now().toEpochMilli());
  }

  /** The oldest one that no other transaction works at, locked. */
  Optional<Notice> lockNext(Transaction tx) {
    return tx.run(NEXT + tx.dialect().forUpdateSkipLocked()).first(NoticeStore::notice);
  }

  /** The next members who do not have it. */
  List<PlayerId> members(Transaction tx, Notice notice, int max) {
    return tx.run(MEMBERS, notice.id(), (long) max)
        .all(row -> new PlayerId(row.number("player_id")));
  }

  void advance(Transaction tx, Notice notice, PlayerId upTo) {
    tx.run(ADVANCE, upTo.value(), notice.id());
  }

  void delete(Transaction tx, Notice notice) {
    tx.run(DELETE, notice.id());
  }

  void deleteAll(Transaction tx, GroupId group) {
    tx.run(DELETE_ALL, group.value());
  }

  void forget(Transaction tx, PlayerId sender) {
    tx.run(FORGET, sender.value());
  }

  private static Notice notice(Row row) {
    return new Notice(
        row.number("id"),
        new GroupId(row.number("group_id")),
        new PlayerId(row.number("sender_id")),
        row.text("title"),
        row.text("content"),
        new JsonObject(row.text("metadata")).getMap());
  }
}
