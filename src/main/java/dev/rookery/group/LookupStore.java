package dev.rookery.group;

import dev.rookery.base.GroupId;
import dev.rookery.base.PlayerId;
import dev.rookery.group.Groups.Pair;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.StatementTexts;
import dev.rookery.store.Transaction;
import dev.rookery.store.ValuesTable;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What later domains read of groups. Statements about several are for at most {@link
 * Placeholders#MANY_MAX}.
 */
final class LookupStore {
  static final String MEMBER_OF =
      """
      CASE WHEN EXISTS (SELECT 1 FROM group_membership
          WHERE group_membership.group_id = %s AND group_membership.player_id = %s
            AND group_membership.role <= 2)
        THEN 1 ELSE 0 END\
      """;

  private static final String SLOWDOWNS =
      "SELECT id, slowdown_s FROM player_group WHERE closed_ms IS NULL AND id IN (%s) ORDER BY id";

  private static final String IS_MEMBER =
      "SELECT 1 AS one FROM group_membership WHERE group_id = $1 AND player_id = $2 AND role <= 2";

  private static final String MEMBERS =
      """
      SELECT group_id, player_id
      FROM %s JOIN group_membership ON group_id = CAST(given.column1 AS BIGINT)
        AND player_id = CAST(given.column2 AS BIGINT)
      WHERE role <= 2
      """;

  private static final String SHARED =
      """
      SELECT 1 AS one FROM group_membership AS mine
      JOIN group_membership AS other ON other.group_id = mine.group_id AND other.player_id = $2
      WHERE mine.player_id = $1 AND mine.role <= 2 AND other.role <= 2 LIMIT 1
      """;

  private static final String MEMBER_IDS =
      """
      SELECT player_id FROM group_membership
      WHERE group_id = $1 AND player_id > $2 AND role <= 2 ORDER BY player_id LIMIT $3
      """;

  private static final String TITLES =
      "SELECT id, title FROM player_group WHERE closed_ms IS NULL AND id IN (%s)";

  private static final String CLOSED =
      "SELECT id FROM player_group WHERE closed_ms IS NOT NULL ORDER BY id LIMIT $1";

  private static final String FORGET =
      "DELETE FROM player_group WHERE closed_ms IS NOT NULL AND id IN (%s)";

  private final StatementTexts texts = new StatementTexts();

  Map<GroupId, Integer> lockSlowdowns(Transaction tx, Collection<GroupId> ids) {
    String text =
        texts.of(
            "slowdowns",
            ids.size(),
            size -> SLOWDOWNS.formatted(Placeholders.list(1, size)) + tx.dialect().forUpdate());
    var slowdowns = new HashMap<GroupId, Integer>();
    tx.run(text, values(ids))
        .all(row -> row)
        .forEach(
            row -> slowdowns.put(new GroupId(row.number("id")), (int) row.number("slowdown_s")));
    return slowdowns;
  }

  boolean isMember(Reader reader, GroupId group, PlayerId player) {
    return !reader.read(IS_MEMBER, group.value(), player.value()).isEmpty();
  }

  Set<Pair> findMembers(Reader reader, Collection<Pair> pairs) {
    var given = new ValuesTable(2);
    pairs.forEach(pair -> given.add(pair.group(), pair.player()));
    return given
        .read(reader, texts, MEMBERS)
        .all(
            row ->
                new Pair(
                    new GroupId(row.number("group_id")), new PlayerId(row.number("player_id"))))
        .stream()
        .collect(Collectors.toSet());
  }

  boolean shareGroup(Reader reader, PlayerId one, PlayerId other) {
    return !reader.read(SHARED, one.value(), other.value()).isEmpty();
  }

  List<PlayerId> memberIds(Reader reader, GroupId group, PlayerId after, int max) {
    return reader
        .read(MEMBER_IDS, group.value(), after.value(), (long) max)
        .all(row -> new PlayerId(row.number("player_id")));
  }

  Map<GroupId, String> titles(Reader reader, Collection<GroupId> ids) {
    String text =
        texts.of("titles", ids.size(), size -> TITLES.formatted(Placeholders.list(1, size)));
    var titles = new HashMap<GroupId, String>();
    reader
        .read(text, values(ids))
        .all(row -> row)
        .forEach(row -> titles.put(new GroupId(row.number("id")), row.text("title")));
    return titles;
  }

  List<GroupId> closed(Reader reader, int max) {
    return reader.read(CLOSED, (long) max).all(row -> new GroupId(row.number("id")));
  }

  void forget(Transaction tx, List<GroupId> closed) {
    Placeholders.inParts(
        closed,
        part ->
            tx.run(
                texts.of(
                    "forget", part.size(), size -> FORGET.formatted(Placeholders.list(1, size))),
                values(part)));
  }

  private static @Nullable Object[] values(Collection<GroupId> ids) {
    return Placeholders.values(0, ids, GroupId::value);
  }
}
