package dev.rookery.chat;

import dev.rookery.lobby.Lobbies;
import dev.rookery.store.Transaction;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Removes what is left of conversations that are over, a bounded piece at a time. */
final class SweepStore {
  private static final int CONVERSATIONS_MAX = Lobbies.CLOSED_MAX;

  private static final int ROWS_MAX = 1_000;

  // The statement always names as many, so that there is one text of it to prepare.
  private static final String REFS =
      IntStream.range(0, CONVERSATIONS_MAX)
          .mapToObj(place -> "$" + (place + 2))
          .collect(Collectors.joining(", "));

  private static final List<String> STATEMENTS =
      List.of(
          """
          DELETE FROM chat_message WHERE id IN (
            SELECT id FROM chat_message WHERE kind = $1 AND ref IN (%s) LIMIT %d)
          RETURNING id
          """
              .formatted(REFS, ROWS_MAX),
          rowsOf("chat_read"),
          rowsOf("chat_pace"));

  private static String rowsOf(String table) {
    return """
    DELETE FROM %1$s WHERE (kind, ref, player_id) IN (
      SELECT kind, ref, player_id FROM %1$s WHERE kind = $1 AND ref IN (%2$s) LIMIT %3$d)
    RETURNING ref
    """
        .formatted(table, REFS, ROWS_MAX);
  }

  /** True when nothing is left of these, which are one at least and no more than can be named. */
  boolean remove(Transaction tx, Conversation.Kind kind, List<Long> ids) {
    var values = new Object[1 + CONVERSATIONS_MAX];
    values[0] = ChatStore.name(kind);
    for (int place = 0; place < CONVERSATIONS_MAX; place++) {
      values[place + 1] = ids.get(Math.min(place, ids.size() - 1));
    }
    boolean all = true;
    for (String statement : STATEMENTS) {
      all &= tx.run(statement, values).size() < ROWS_MAX;
    }
    return all;
  }
}
