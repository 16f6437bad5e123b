package dev.rookery.chat;

import dev.rookery.base.PlayerId;
import dev.rookery.friend.Friends.Pair;
import dev.rookery.store.Reader;
import dev.rookery.store.Transaction;
import java.util.Optional;

/** Direct messages to be deleted because a friendship has ended, as rows. */
final class PurgeStore {
  private static final String DELETE_MESSAGES =
      """
      DELETE FROM chat_message WHERE id IN (
        SELECT id FROM chat_message
        WHERE kind = 'direct' AND ref = $1 AND sender_id = $2 AND id <= $3
        UNION ALL
        SELECT id FROM chat_message
        WHERE kind = 'direct' AND ref = $2 AND sender_id = $1 AND id <= $3
        LIMIT $4)
      RETURNING id
      """;

  private static final String DELETE_CURSORS =
      """
      DELETE FROM chat_read
      WHERE kind = 'direct' AND (ref = $1 AND player_id = $2 OR ref = $2 AND player_id = $1)
        AND COALESCE(message_id, 0) <= $3
      """;

  private static final String POSTPONE =
      """
      INSERT INTO chat_purge (lower_id, higher_id, up_to)
      SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), MAX(newest.id) FROM (
        SELECT MAX(id) AS id FROM chat_message
        WHERE kind = 'direct' AND ref = $1 AND sender_id = $2
        UNION ALL
        SELECT MAX(id) AS id FROM chat_message
        WHERE kind = 'direct' AND ref = $2 AND sender_id = $1) AS newest
      HAVING MAX(newest.id) IS NOT NULL
      """;

  private static final String NEXT =
      "SELECT id, lower_id, higher_id, up_to FROM chat_purge ORDER BY id LIMIT 1";

  private static final String FINISH = "DELETE FROM chat_purge WHERE id = $1";

  /**
   * A conversation of which messages are left to be deleted.
   *
   * @param upTo the id of the last one
   */
  record Postponed(long id, Pair pair, long upTo) {}

  /** Deletes at most {@code max} messages of two players, up to an id; returns how many. */
  int deleteMessages(Transaction tx, Pair pair, long upTo, int max) {
    return tx.run(DELETE_MESSAGES, lower(pair), higher(pair), upTo, (long) max).size();
  }

  void deleteCursors(Transaction tx, Pair pair, long upTo) {
    tx.run(DELETE_CURSORS, lower(pair), higher(pair), upTo);
  }

  /** Notes that all messages that two players have now are to be deleted, if there are any. */
  void postpone(Transaction tx, Pair pair) {
    tx.run(POSTPONE, lower(pair), higher(pair));
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

  private static long lower(Pair pair) {
    return pair.lower().value();
  }

  private static long higher(Pair pair) {
    return pair.higher().value();
  }
}
