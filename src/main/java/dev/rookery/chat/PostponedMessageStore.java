package dev.rookery.chat;

import dev.rookery.base.PlayerId;
import dev.rookery.chat.Conversation.Kind;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.StatementTexts;
import dev.rookery.store.Transaction;
import dev.rookery.store.ValuesTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

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
      SELECT kind, ref, after_id, due_ms FROM postponed_message WHERE due_ms <= $1
      ORDER BY due_ms, id LIMIT $2
      """;

  // One statement, so that a row that is inserted meanwhile is either taken or stays. The table is
  // empty again and again, so that PostgreSQL may plan it as if it always were; a single condition,
  // the expression of an index, is cheap with any plan.
  private static final String TAKE =
      """
      DELETE FROM postponed_message
      WHERE kind || ':' || CAST(ref AS TEXT) || ':' || CAST(after_id AS TEXT) IN (%s)
      RETURNING kind, ref, after_id, sender_id, messages
      """;

  private final StatementTexts texts = new StatementTexts();

  /**
   * Those of an audience who are to be notified together.
   *
   * @param after the last recipient who is notified already; 0 for none
   */
  record Remaining(Audience audience, long after) {
    /** As the index has it. */
    String key() {
      return ChatStore.name(audience.kind()) + ":" + audience.id() + ":" + after;
    }
  }

  /** Messages that wait until a time. */
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

  /**
   * Whom to notify next, and since when they have been due, in milliseconds; longest due first, at
   * most {@link Placeholders#MANY_MAX}.
   */
  SequencedMap<Remaining, Long> due(Reader reader, long nowMs) {
    var due = new LinkedHashMap<Remaining, Long>();
    for (Row row : reader.read(DUE, nowMs, (long) ROWS_MAX).all(row -> row)) {
      if (due.size() == Placeholders.MANY_MAX) {
        break;
      }
      due.putIfAbsent(remaining(row), row.number("due_ms"));
    }
    return due;
  }

  /** Removes all messages that wait for these, due or not, and answers them, in the order given. */
  List<Postponed> take(Transaction tx, SequencedMap<Remaining, Long> due) {
    String text = texts.of("take", due.size(), size -> TAKE.formatted(Placeholders.list(1, size)));
    var taken = new HashMap<Remaining, MessageCounts>();
    var keys = new @Nullable Object[Placeholders.room(due.size())];
    int place = 0;
    for (Remaining one : due.keySet()) {
      keys[place++] = one.key();
    }
    for (Row row : tx.run(text, keys).all(row -> row)) {
      taken
          .computeIfAbsent(remaining(row), _ -> new MessageCounts())
          .add(new PlayerId(row.number("sender_id")), row.number("messages"));
    }
    var all = new ArrayList<Postponed>();
    due.forEach(
        (to, dueMs) -> {
          MessageCounts messages = taken.get(to);
          if (messages != null) {
            all.add(new Postponed(to, messages, dueMs));
          }
        });
    return all;
  }

  private static Remaining remaining(Row row) {
    Kind kind = Kind.valueOf(row.text("kind").toUpperCase(Locale.ROOT));
    return new Remaining(new Audience(kind, row.number("ref")), row.number("after_id"));
  }
}
