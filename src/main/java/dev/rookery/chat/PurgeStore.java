package dev.rookery.chat;

import dev.rookery.base.PlayerId;
import dev.rookery.friend.Friends.Pair;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.StatementTexts;
import dev.rookery.store.Transaction;
import dev.rookery.store.ValuesTable;
import java.util.List;
import java.util.Optional;

/**
 * Direct messages to be deleted because friendships have ended, as rows. Statements are about at
 * most {@link Placeholders#MANY_MAX} pairs.
 */
final class PurgeStore {
  private static final String LOWER = "CAST(given.column1 AS BIGINT)";
  private static final String HIGHER = "CAST(given.column2 AS BIGINT)";

  private static final String DELETE_MESSAGES =
      """
      DELETE FROM chat_message WHERE id IN (
        SELECT chat_message.id FROM %%1$s JOIN chat_message
          ON kind = 'direct' AND ref = %1$s AND sender_id = %2$s
        WHERE chat_message.id <= $1
        UNION ALL
        SELECT chat_message.id FROM %%1$s JOIN chat_message
          ON kind = 'direct' AND ref = %2$s AND sender_id = %1$s
        WHERE chat_message.id <= $1
        LIMIT $2)
      RETURNING id
      """
          .formatted(LOWER, HIGHER);

  private static final String DELETE_CURSORS =
      """
      DELETE FROM chat_read
      WHERE kind = 'direct' AND COALESCE(message_id, 0) <= $1 AND (ref, player_id) IN (
        SELECT %1$s, %2$s FROM %%1$s WHERE given.column1 IS NOT NULL
        UNION ALL
        SELECT %2$s, %1$s FROM %%1$s WHERE given.column1 IS NOT NULL)
      """
          .formatted(LOWER, HIGHER);

  private static final String POSTPONE =
      """
      INSERT INTO chat_purge (lower_id, higher_id, up_to)
      SELECT lower_id, higher_id, up_to FROM (
        SELECT %1$s AS lower_id, %2$s AS higher_id, (
          SELECT MAX(newest.id) FROM (
            SELECT MAX(id) AS id FROM chat_message
            WHERE kind = 'direct' AND ref = %1$s AND sender_id = %2$s
            UNION ALL
            SELECT MAX(id) AS id FROM chat_message
            WHERE kind = 'direct' AND ref = %2$s AND sender_id = %1$s) AS newest) AS up_to
        FROM %%1$s WHERE given.column1 IS NOT NULL) AS ended
      WHERE up_to IS NOT NULL
      """
          .formatted(LOWER, HIGHER);

  private static final String NEXT =
      "SELECT id, lower_id, higher_id, up_to FROM chat_purge ORDER BY id LIMIT 1";

  private static final String FINISH = "DELETE FROM chat_purge WHERE id = $1";

  private final StatementTexts texts = new StatementTexts();

  /**
   * A conversation of which messages are left to be deleted.
   *
   * @param upTo the id of the last one
   */
  record Postponed(long id, Pair pair, long upTo) {}

  /** Deletes at most {@code max} messages of these pairs, up to an id; returns how many. */
  int deleteMessages(Transaction tx, List<Pair> pairs, long upTo, int max) {
    return given(pairs).run(tx, texts, DELETE_MESSAGES, upTo, (long) max).size();
  }

  void deleteCursors(Transaction tx, List<Pair> pairs, long upTo) {
    given(pairs).run(tx, texts, DELETE_CURSORS, upTo);
  }

  /** Notes that all messages that these pairs have now are to be deleted, if there are any. */
  void postpone(Transaction tx, List<Pair> pairs) {
    given(pairs).run(tx, texts, POSTPONE);
  }

  private static ValuesTable given(List<Pair> pairs) {
    var given = new ValuesTable(2);
    pairs.forEach(pair -> given.add(pair.lower(), pair.higher()));
    return given;
  }

  Optional<Postponed> next(Reader reader) {
    return reader
        .read(NEXT)
        .first(
            row ->
                new Postponed(
                    row.number("id"),
                    new Pair(
                        new PlayerId(row.number("lower_id")),
                        new PlayerId(row.number("higher_id"))),
                    row.number("up_to")));
  }

  void finish(Transaction tx, Postponed done) {
    tx.run(FINISH, done.id());
  }
}
