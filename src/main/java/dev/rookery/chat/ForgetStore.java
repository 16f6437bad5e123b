package dev.rookery.chat;

import dev.rookery.base.PlayerId;
import dev.rookery.store.Transaction;
import java.util.List;

/**
 * Removes the rows of a player whose account is deleted, a bounded number at a time: their messages
 * in all conversations, their read cursors, and those of others in direct conversations with them,
 * what they have reported, and what was reported of them. What others wrote to the player stays
 * theirs.
 */
final class ForgetStore {
  private static final int ROWS_MAX = 1_000;

  private static final List<String> STATEMENTS =
      List.of(
          """
          DELETE FROM chat_message WHERE id IN (
            SELECT id FROM chat_message WHERE sender_id = $1 LIMIT $2)
          RETURNING id
          """,
          """
          DELETE FROM chat_read WHERE (kind, ref, player_id) IN (
            SELECT kind, ref, player_id FROM chat_read WHERE player_id = $1 LIMIT $2)
          RETURNING ref
          """,
          """
          DELETE FROM chat_read WHERE (kind, ref, player_id) IN (
            SELECT kind, ref, player_id FROM chat_read WHERE kind = 'direct' AND ref = $1 LIMIT $2)
          RETURNING ref
          """,
          """
          DELETE FROM chat_pace WHERE (kind, ref, player_id) IN (
            SELECT kind, ref, player_id FROM chat_pace WHERE player_id = $1 LIMIT $2)
          RETURNING ref
          """,
          """
          DELETE FROM chat_report WHERE (case_id, reporter_id) IN (
            SELECT case_id, reporter_id FROM chat_report
            WHERE reporter_id = $1
              OR case_id IN (SELECT id FROM chat_case WHERE player_id = $1) LIMIT $2)
          RETURNING case_id
          """,
          """
          DELETE FROM chat_case WHERE id IN (
            SELECT id FROM chat_case WHERE player_id = $1 LIMIT $2)
          RETURNING id
          """,
          """
          DELETE FROM chat_mute WHERE player_id IN (
            SELECT player_id FROM chat_mute WHERE player_id = $1 LIMIT $2)
          RETURNING player_id
          """);

  /** One step; false when nothing is left. */
  boolean step(Transaction tx, PlayerId player) {
    for (String statement : STATEMENTS) {
      if (tx.run(statement, player.value(), (long) ROWS_MAX).size() == ROWS_MAX) {
        return true;
      }
    }
    return false;
  }
}
