package dev.rookery.group;

import dev.rookery.base.GroupId;
import dev.rookery.base.GroupMembershipId;
import dev.rookery.base.PlayerId;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What players are to groups, as rows. The caller of those that write has locked the group. */
final class MembershipStore {
  private static final String COLUMNS = "id, group_id, player_id, role, created_ms, joined_ms";

  private static final String SELECT = "SELECT " + COLUMNS + " FROM group_membership ";

  private static final String BY_PAIR = SELECT + "WHERE group_id = $1 AND player_id = $2";

  private static final String BY_ID = SELECT + "WHERE id = $1";

  private static final String INSERT =
      """
      INSERT INTO group_membership (group_id, player_id, role, created_ms, joined_ms)
      VALUES ($1, $2, $3, $4, $5)
      RETURNING
      """
          + COLUMNS;

  private static final String SAVE =
      "UPDATE group_membership SET role = $1, joined_ms = $2 WHERE id = $3";

  private static final String DELETE = "DELETE FROM group_membership WHERE id = $1";

  private static final String DELETE_ALL = "DELETE FROM group_membership WHERE group_id = $1";

  private static final String MEMBER_OF =
      "SELECT COUNT(*) AS total FROM group_membership WHERE player_id = $1 AND role <= 2";

  private static final String ADMIN_OF =
      "SELECT COUNT(*) AS total FROM group_membership WHERE player_id = $1 AND role <= 1";

  private static final String FIRST_MEMBER =
      SELECT
          + """
          WHERE group_id = $1 AND joined_ms IS NOT NULL AND role = 2 AND player_id <> $2
          ORDER BY joined_ms, id LIMIT 1
          """;

  private static final String ADMINS =
      SELECT
          + """
          WHERE group_id = $1 AND role <= 1 AND player_id <> $2
          ORDER BY joined_ms, id LIMIT $3
          """;

  // The ids are found in the index first, so that a late page reads no more rows than an early one.
  private static final String MEMBERS =
      SELECT
          + """
          WHERE id IN (
            SELECT id FROM group_membership WHERE group_id = $1 AND joined_ms IS NOT NULL
            ORDER BY joined_ms, id LIMIT $2 OFFSET $3)
          ORDER BY joined_ms, id
          """;

  private static final String REQUESTS =
      SELECT
          + """
          WHERE id IN (
            SELECT id FROM group_membership WHERE group_id = $1 AND role = 3
            ORDER BY id LIMIT $2 OFFSET $3)
          ORDER BY id
          """;

  private static final String COUNT_REQUESTS =
      "SELECT COUNT(*) AS total FROM group_membership WHERE group_id = $1 AND role = 3";

  private static final String COUNT_ALL =
      "SELECT COUNT(*) AS total FROM group_membership WHERE role <= 2";

  private static final String GROUPS_OF =
      """
      SELECT group_id FROM group_membership
      WHERE player_id = $1 AND group_id > $2 ORDER BY group_id LIMIT $3
      """;

  Optional<GroupMembership> find(Reader reader, GroupId group, PlayerId player) {
    return reader.read(BY_PAIR, group.value(), player.value()).first(MembershipStore::membership);
  }

  Optional<GroupMembership> find(Reader reader, GroupMembershipId id) {
    return reader.read(BY_ID, id.value()).first(MembershipStore::membership);
  }

  GroupMembership insert(Transaction tx, GroupId group, PlayerId player, GroupRole role) {
    long now = tx.now().toEpochMilli();
    return tx.run(
            INSERT,
            group.value(),
            player.value(),
            (long) role.level(),
            now,
            role.isMember() ? now : null)
        .first(MembershipStore::membership)
        .orElseThrow();
  }

  void save(Transaction tx, GroupMembership membership) {
    tx.run(
        SAVE,
        (long) membership.role().level(),
        membership.role().isMember() ? membership.joinedMs() : null,
        membership.id().value());
  }

  void delete(Transaction tx, GroupMembership membership) {
    tx.run(DELETE, membership.id().value());
  }

  void deleteAll(Transaction tx, GroupId group) {
    tx.run(DELETE_ALL, group.value());
  }

  /** Of how many groups a player is a member. */
  long countMemberOf(Reader reader, PlayerId player) {
    return reader.read(MEMBER_OF, player.value()).row(0).number("total");
  }

  /** Of how many groups a player is an admin. */
  long countAdminOf(Reader reader, PlayerId player) {
    return reader.read(ADMIN_OF, player.value()).row(0).number("total");
  }

  /** The member who is no admin and joined first, without one player. */
  Optional<GroupMembership> firstMember(Reader reader, GroupId group, PlayerId except) {
    return reader
        .read(FIRST_MEMBER, group.value(), except.value())
        .first(MembershipStore::membership);
  }

  /** The admins, the one who joined first first, without one player. */
  List<GroupMembership> admins(Reader reader, GroupId group, PlayerId except, int max) {
    return reader
        .read(ADMINS, group.value(), except.value(), (long) max)
        .all(MembershipStore::membership);
  }

  List<GroupMembership> members(Reader reader, GroupId group, int max, long offset) {
    return reader.read(MEMBERS, group.value(), (long) max, offset).all(MembershipStore::membership);
  }

  List<GroupMembership> requests(Reader reader, GroupId group, int max, long offset) {
    return reader
        .read(REQUESTS, group.value(), (long) max, offset)
        .all(MembershipStore::membership);
  }

  long countRequests(Reader reader, GroupId group) {
    return reader.read(COUNT_REQUESTS, group.value()).row(0).number("total");
  }

  /** How many memberships there are in all groups. */
  static long countAll(Reader reader) {
    return reader.read(COUNT_ALL).row(0).number("total");
  }

  /** The groups to which a player is anything, by ascending id. */
  List<GroupId> groupsOf(Reader reader, PlayerId player, GroupId after, int max) {
    return reader
        .read(GROUPS_OF, player.value(), after.value(), (long) max)
        .all(row -> new GroupId(row.number("group_id")));
  }

  private static GroupMembership membership(Row row) {
    @Nullable Long joined = row.numberOrNull("joined_ms");
    return new GroupMembership(
        new GroupMembershipId(row.number("id")),
        new GroupId(row.number("group_id")),
        new PlayerId(row.number("player_id")),
        GroupRole.of(row.number("role")),
        row.number("created_ms"),
        joined == null ? 0 : joined);
  }
}
