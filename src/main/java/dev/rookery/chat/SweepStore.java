package dev.rookery.chat;

import dev.rookery.lobby.Lobbies;
import dev.rookery.store.Dialect;
import dev.rookery.store.Transaction;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Removes the rows of closed conversations, a bounded number at a time. */
final class SweepStore {
  private static final int CONVERSATIONS_MAX = Lobbies.CLOSED_MAX;

  private static final int ROWS_MAX = 1_000;

  // The statement always names as many, so that there is one text of it to prepare.
  private static final String REFS =
      IntStream.range(0, CONVERSATIONS_MAX)
          .mapToObj(place -> "$" + (place + 2))
          .collect(Collectors.joining(", "));

  private static final List<String> ON_SQLITE =
      List.of(
          onSqlite("chat_message", "id"),
          onSqlite("chat_read", "kind, ref, player_id"),
          onSqlite("chat_pace", "kind, ref, player_id"),
          onSqlite("personal_mute", "kind, ref, player_id"));

  private static final List<String> ON_POSTGRES =
      List.of(
          onPostgres("chat_message"),
          onPostgres("chat_read"),
          onPostgres("chat_pace"),
          onPostgres("personal_mute"));

  private static String onSqlite(String table, String key) {
    return """
    DELETE FROM %1$s WHERE (%2$s) IN (
      SELECT %2$s FROM %1$s WHERE kind = $1 AND ref IN (%3$s) LIMIT %4$d)
    RETURNING ref
    """
        .formatted(table, key, REFS, ROWS_MAX);
  }

  // One conversation after the other is looked up. With a list of them, a planner that has no
  // statistics of the table, such as one that has just been filled, reads all conversations.
  private static String onPostgres(String table) {
    return """
    DELETE FROM %1$s WHERE ctid = ANY (ARRAY(
      SELECT found.ctid FROM unnest(CAST($2 AS BIGINT[])) AS over (ref) CROSS JOIN LATERAL (
        SELECT ctid FROM %1$s WHERE kind = $1 AND ref = over.ref LIMIT %2$d) AS found
      LIMIT %2$d))
    RETURNING ref
    """
        .formatted(table, ROWS_MAX);
  }

  /**
   * What a step removed.
   *
   * @param all whether nothing is left
   */
  record Removed(int rows, boolean all) {}

  /** Removes rows of these conversations, which are between 1 and {@code CONVERSATIONS_MAX}. */
  Removed remove(Transaction tx, Conversation.Kind kind, List<Long> ids) {
    boolean sqlite = tx.dialect() == Dialect.SQLITE;
    Object[] values = sqlite ? named(kind, ids) : listed(kind, ids);
    int removed = 0;
    boolean all = true;
    for (String statement : sqlite ? ON_SQLITE : ON_POSTGRES) {
      int rows = tx.run(statement, values).size();
      removed += rows;
      all &= rows < ROWS_MAX;
    }
    return new Removed(removed, all);
  }

  private static Object[] named(Conversation.Kind kind, List<Long> ids) {
    var values = new Object[1 + CONVERSATIONS_MAX];
    values[0] = ChatStore.name(kind);
    for (int place = 0; place < CONVERSATIONS_MAX; place++) {
      values[place + 1] = ids.get(Math.min(place, ids.size() - 1));
    }
    return values;
  }

  private static Object[] listed(Conversation.Kind kind, List<Long> ids) {
    return new Object[] {ChatStore.name(kind), ids.toArray(Long[]::new)};
  }
}
