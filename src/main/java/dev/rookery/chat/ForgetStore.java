package dev.rookery.chat;

import dev.rookery.base.PlayerId;
import dev.rookery.chat.Conversation.Kind;
import dev.rookery.notification.NotificationWriter;
import dev.rookery.notification.PersonalMute;
import dev.rookery.notification.PersonalMute.Subject;
import dev.rookery.notification.PersonalMutes;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/**
 * Removes the rows of a player whose account is deleted, a bounded number at a time: their messages
 * in all conversations, their read cursors, and those of others in direct conversations with them,
 * what they have reported, and what was reported of them. Notifications of messages from friends
 * count theirs no more. What others wrote to the player stays theirs.
 */
final class ForgetStore {
  private static final int ROWS_MAX = 1_000;

  private static final String DELETE_MESSAGES =
      """
      DELETE FROM chat_message WHERE id IN (
        SELECT id FROM chat_message WHERE sender_id = $1 LIMIT $2)
      RETURNING kind, ref, created_ms
      """;

  private static final List<String> STATEMENTS =
      List.of(
          """
          DELETE FROM postponed_message WHERE id IN (
            SELECT id FROM postponed_message WHERE sender_id = $1 LIMIT $2)
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

  private final NotificationWriter notifications = new NotificationWriter();
  private final PersonalMutes mutes = new PersonalMutes();

  /** One step; false when nothing is left. */
  boolean step(Transaction tx, PlayerId player) {
    List<Row> messages =
        tx.run(DELETE_MESSAGES, player.value(), (long) ROWS_MAX).all(message -> message);
    uncount(tx, player, messages);
    if (messages.size() == ROWS_MAX) {
      return true;
    }
    for (String statement : STATEMENTS) {
      if (tx.run(statement, player.value(), (long) ROWS_MAX).size() == ROWS_MAX) {
        return true;
      }
    }
    return false;
  }

  /** The notifications of friends count what they have not muted. */
  private void uncount(Transaction tx, PlayerId player, List<Row> messages) {
    var written = new HashMap<PlayerId, List<Long>>();
    for (Row message : messages) {
      if (message.text("kind").equals(ChatStore.name(Kind.DIRECT))) {
        written
            .computeIfAbsent(new PlayerId(message.number("ref")), _ -> new ArrayList<>())
            .add(message.number("created_ms"));
      }
    }
    Placeholders.inParts(
        List.copyOf(written.keySet()),
        part ->
            mutes
                .among(tx, part)
                .forEach(
                    (recipient, muted) -> {
                      if (muted.contains(new Subject(PersonalMute.Kind.PLAYER, player.value()))
                          || muted.contains(
                              new Subject(PersonalMute.Kind.DIRECT, player.value()))) {
                        written.remove(recipient);
                      }
                    }));
    notifications.uncountFriendMessages(tx, written);
  }
}
