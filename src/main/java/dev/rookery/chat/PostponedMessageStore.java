package dev.rookery.chat;

import dev.rookery.base.PlayerId;
import dev.rookery.chat.Conversation.Kind;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.StatementTexts;
import dev.rookery.store.Transaction;
import dev.rookery.store.ValuesTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;

/**
 * Messages that their recipients are not notified of yet, as rows. Rows are only inserted and
 * deleted, so that transactions that count messages never wait for those that notify.
 */
final class PostponedMessageStore {
  /** The most rows from which the next audiences are chosen. */
  private static final int ROWS_MAX = 500;

  private static final String ADD =
      """
      INSERT INTO postponed_message (kind, ref, after_id, sender_id, messages, due_ms)
      SELECT column1, CAST(column2 AS BIGINT), CAST(column3 AS BIGINT), CAST(column4 AS BIGINT),
        CAST(column5 AS BIGINT), CAST(column6 AS BIGINT)
      FROM %s WHERE column1 IS NOT NULL
      """;

  private static final String DUE =
      """
      SELECT kind, ref, after_id FROM postponed_message WHERE due_ms <= $1
      ORDER BY due_ms, id LIMIT $2
      """;

  // One statement, so that a row that is inserted meanwhile is either taken or stays.
  private static final String TAKE =
      """
      DELETE FROM postponed_message WHERE id IN (
        SELECT postponed_message.id FROM %s JOIN postponed_message
          ON postponed_message.kind = given.column1
            AND postponed_message.ref = CAST(given.column2 AS BIGINT)
            AND postponed_message.after_id = CAST(given.column3 AS BIGINT))
      RETURNING kind, ref, after_id, sender_id, messages
      """;

  private final StatementTexts texts = new StatementTexts();

  /**
   * Those of an audience who are to be notified together.
   *
   * @param after the last recipient who is notified already; 0 for none
   */
  record Remaining(Audience audience, long after) {}

  /**
   * Messages that wait until a time.
   *
   * @param dueMs 0 for before all others
   */
  record Postponed(Remaining to, MessageCounts messages, long dueMs) {}

  void add(Transaction tx, Collection<Postponed> all) {
    var rows = new ArrayList<Object[]>();
    for (Postponed one : all) {
      one.messages
          .bySender()
          .forEach(
              (sender, messages) ->
                  rows.add(
                      new Object[] {
                        ChatStore.name(one.to.audience.kind()),
                        one.to.audience.id(),
                        one.to.after,
                        sender.value(),
                        messages,
                        one.dueMs
                      }));
    }
    Placeholders.inParts(
        rows,
        part -> {
          var given = new ValuesTable(6);
          part.forEach(given::add);
          given.run(tx, texts, ADD);
        });
  }

  /** Whom to notify next, longest due first; at most {@link Placeholders#MANY_MAX}. */
  List<Remaining> due(Reader reader, long nowMs) {
    return reader
        .read(DUE, nowMs, (long) ROWS_MAX)
        .all(row -> remaining(row.text("kind"), row.number("ref"), row.number("after_id")))
        .stream()
        .distinct()
        .limit(Placeholders.MANY_MAX)
        .toList();
  }

  /** Removes all messages that wait for these, due or not, and answers them, in the order given. */
  List<Postponed> take(Transaction tx, List<Remaining> all) {
    var taken = new LinkedHashMap<Remaining, MessageCounts>();
    var given = new ValuesTable(3);
    for (Remaining one : all) {
      taken.put(one, new MessageCounts());
      given.add(ChatStore.name(one.audience.kind()), one.audience.id(), one.after);
    }
    given
        .run(tx, texts, TAKE)
        .all(row -> row)
        .forEach(
            row ->
                taken
                    .computeIfAbsent(
                        remaining(row.text("kind"), row.number("ref"), row.number("after_id")),
                        _ -> new MessageCounts())
                    .add(new PlayerId(row.number("sender_id")), row.number("messages")));
    return taken.entrySet().stream()
        .filter(entry -> !entry.getValue().bySender().isEmpty())
        .map(entry -> new Postponed(entry.getKey(), entry.getValue(), 0))
        .toList();
  }

  private static Remaining remaining(String kind, long ref, long after) {
    return new Remaining(new Audience(Kind.valueOf(kind.toUpperCase(Locale.ROOT)), ref), after);
  }
}
