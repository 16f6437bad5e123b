package dev.rookery.group;

import dev.rookery.base.GroupId;
import dev.rookery.base.GroupInviteId;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.group.GroupInvite.State;
import dev.rookery.player.Players;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Invites as rows. The caller of those that write has locked the group. */
final class InviteStore {
  private static final String SELECT =
      "SELECT group_invite.id, group_id, sender_id, recipient_id, state, group_invite.created_ms,"
          + " player_group.title, "
          + Players.nameOf("group_invite.sender_id")
          + " AS sender_name, "
          + Players.nameOf("group_invite.recipient_id")
          + " AS recipient_name"
          + " FROM group_invite JOIN player_group ON player_group.id = group_invite.group_id ";

  private static final String BY_ID = SELECT + "WHERE group_invite.id = $1 AND closed_ms IS NULL";

  private static final String BY_PAIR =
      SELECT + "WHERE group_id = $1 AND recipient_id = $2 AND closed_ms IS NULL";

  private static final String RECEIVED =
      SELECT
          + """
          WHERE group_invite.id IN (
            SELECT id FROM group_invite WHERE recipient_id = $1 AND state = 'pending'
            ORDER BY id DESC LIMIT $2 OFFSET $3)
          ORDER BY group_invite.id DESC
          """;

  private static final String SENT =
      SELECT
          + """
          WHERE group_invite.id IN (
            SELECT id FROM group_invite WHERE sender_id = $1 AND state = 'pending'
            ORDER BY id DESC LIMIT $2 OFFSET $3)
          ORDER BY group_invite.id DESC
          """;

  private static final String COUNT_RECEIVED =
      "SELECT COUNT(*) AS total FROM group_invite WHERE recipient_id = $1 AND state = 'pending'";

  private static final String COUNT_SENT =
      "SELECT COUNT(*) AS total FROM group_invite WHERE sender_id = $1 AND state = 'pending'";

  private static final String INSERT =
      """
      INSERT INTO group_invite (group_id, sender_id, recipient_id, state, created_ms)
      VALUES ($1, $2, $3, 'pending', $4)
      """;

  private static final String SAVE = "UPDATE group_invite SET state = $1 WHERE id = $2";

  private static final String DELETE = "DELETE FROM group_invite WHERE id = $1";

  private static final String DELETE_ALL = "DELETE FROM group_invite WHERE group_id = $1";

  private static final String FORGET =
      "DELETE FROM group_invite WHERE sender_id = $1 OR recipient_id = $1";

  private static final String DELETE_PENDING =
      """
      DELETE FROM group_invite WHERE id IN (
        SELECT id FROM group_invite WHERE group_id = $1 AND state = 'pending' LIMIT $2)
      RETURNING sender_id, recipient_id
      """;

  /** The two players of an invite. */
  record Pair(PlayerId sender, PlayerId recipient) {}

  Optional<GroupInvite> find(Reader reader, GroupInviteId id) {
    return reader.read(BY_ID, id.value()).first(InviteStore::invite);
  }

  Optional<GroupInvite> find(Reader reader, GroupId group, PlayerId recipient) {
    return reader.read(BY_PAIR, group.value(), recipient.value()).first(InviteStore::invite);
  }

  long countReceived(Reader reader, PlayerId recipient) {
    return reader.read(COUNT_RECEIVED, recipient.value()).row(0).number("total");
  }

  Page<GroupInvite> received(Reader reader, PlayerId recipient, Page.Request page) {
    return page(reader, RECEIVED, recipient, page, countReceived(reader, recipient));
  }

  Page<GroupInvite> sent(Reader reader, PlayerId sender, Page.Request page) {
    long total = reader.read(COUNT_SENT, sender.value()).row(0).number("total");
    return page(reader, SENT, sender, page, total);
  }

  private static Page<GroupInvite> page(
      Reader reader, String text, PlayerId player, Page.Request page, long total) {
    List<GroupInvite> found =
        total <= page.offset()
            ? List.of()
            : reader
                .read(text, player.value(), (long) page.size(), page.offset())
                .all(InviteStore::invite);
    return new Page<>(found, page.number(), page.size(), total);
  }

  void insert(Transaction tx, GroupId group, PlayerId sender, PlayerId recipient) {
    tx.run(INSERT, group.value(), sender.value(), recipient.value(), tx.now().toEpochMilli());
  }

  void save(Transaction tx, GroupInvite invite, State state) {
    tx.run(SAVE, state.name().toLowerCase(Locale.ROOT), invite.id().value());
  }

  void delete(Transaction tx, GroupInvite invite) {
    tx.run(DELETE, invite.id().value());
  }

  void deleteAll(Transaction tx, GroupId group) {
    tx.run(DELETE_ALL, group.value());
  }

  /** Deletes at most so many pending invites to a group; answers who sent and who received each. */
  List<Pair> deletePending(Transaction tx, GroupId group, int max) {
    return tx.run(DELETE_PENDING, group.value(), (long) max)
        .all(
            row ->
                new Pair(
                    new PlayerId(row.number("sender_id")),
                    new PlayerId(row.number("recipient_id"))));
  }

  void forget(Transaction tx, PlayerId player) {
    tx.run(FORGET, player.value());
  }

  private static GroupInvite invite(Row row) {
    return new GroupInvite(
        new GroupInviteId(row.number("id")),
        new GroupId(row.number("group_id")),
        row.text("title"),
        new PlayerId(row.number("sender_id")),
        row.text("sender_name"),
        new PlayerId(row.number("recipient_id")),
        row.text("recipient_name"),
        State.valueOf(row.text("state").toUpperCase(Locale.ROOT)),
        row.number("created_ms"));
  }
}
