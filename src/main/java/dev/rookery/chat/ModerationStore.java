package dev.rookery.chat;

import dev.rookery.base.MessageId;
import dev.rookery.base.Page;
import dev.rookery.chat.ChatCommand.Filter;
import dev.rookery.chat.Conversation.Kind;
import dev.rookery.player.Players;
import dev.rookery.store.Dialect;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.Rows;
import dev.rookery.store.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Messages of all conversations, for admins. An index finds the messages of a sender and those of a
 * conversation, and at most {@value ChatCommand#COUNTED_MAX} are counted. For the kind and for a
 * part of the content, at most {@value ChatCommand#SEARCHED_MAX} of these are looked through.
 */
final class ModerationStore {
  private static final long DELETED_MAX = 1_000;

  private static final String COLUMNS =
      ChatStore.COLUMNS
          + ", NULLIF("
          + Players.emailOf("chat_message.sender_id")
          + ", '') AS sender_email";

  private static final String NEWEST_ID =
      "SELECT id FROM chat_message WHERE kind = $1 AND ref = $2 ORDER BY id DESC LIMIT 1";

  private static final String DELETE_SOME =
      """
      DELETE FROM chat_message WHERE id IN (
        SELECT id FROM chat_message WHERE kind = $1 AND ref = $2 AND id <= $3 LIMIT $4)
      RETURNING id
      """;

  private static final String DELETE_CURSORS = "DELETE FROM chat_read WHERE kind = $1 AND ref = $2";

  private static final String COUNT = "SELECT COUNT(*) AS total FROM chat_message";

  private static final String COUNT_SENDERS =
      "SELECT COUNT(DISTINCT sender_id) AS total FROM chat_message";

  static long countMessages(Reader reader, @Nullable Kind kind) {
    return kind == null
        ? reader.read(COUNT).row(0).number("total")
        : reader.read(COUNT + " WHERE kind = $1", ChatStore.name(kind)).row(0).number("total");
  }

  static long countSenders(Reader reader) {
    return reader.read(COUNT_SENDERS).row(0).number("total");
  }

  Page<ModeratedMessage> list(Reader reader, Filter filter, Page.Request page) {
    var search = new Search(filter, reader.dialect());
    Rows rows = reader.read(search.page(page), search.values.toArray());
    return new Page<>(
        rows.all(ModerationStore::message),
        page.number(),
        page.size(),
        total(search, rows, page, () -> count(reader, filter)));
  }

  /** Where ids suffice to find messages, of all; otherwise of those that {@link #list} looks at. */
  List<ModeratedMessage> listAfter(
      Reader reader, Filter filter, @Nullable MessageId after, int max) {
    var search = new Search(filter, reader.dialect(), after, max);
    return reader.read(search.part(max), search.values.toArray()).all(ModerationStore::message);
  }

  /** The number of all that matches; a page behind the last one has no row to show it. */
  private static long total(Search search, Rows found, Page.Request page, LongSupplier count) {
    return search.conditions.isEmpty() || found.isEmpty()
        ? page.total(found.size(), count)
        : found.row(0).number("total");
  }

  private static long count(Reader reader, Filter filter) {
    var search = new Search(filter, reader.dialect());
    return reader
        .read(
            "SELECT count(*) AS total FROM (" + search.matching() + ") AS matching",
            search.values.toArray())
        .row(0)
        .number("total");
  }

  /** The newest message of a conversation, up to which it can be deleted. */
  Optional<MessageId> newest(Reader reader, Kind kind, long reference) {
    return reader
        .read(NEWEST_ID, ChatStore.name(kind), reference)
        .first(row -> new MessageId(row.number("id")));
  }

  /** Deletes some messages of a conversation up to one, and returns how many; 0 at the end. */
  int deleteSome(Transaction tx, Kind kind, long reference, MessageId upTo) {
    return tx.run(DELETE_SOME, ChatStore.name(kind), reference, upTo.value(), DELETED_MAX).size();
  }

  /** Forgets how far members of a conversation, which is not direct, have read. */
  void deleteCursors(Transaction tx, Kind kind, long reference) {
    tx.run(DELETE_CURSORS, ChatStore.name(kind), reference);
  }

  private static ModeratedMessage message(Row row) {
    return new ModeratedMessage(ChatStore.message(row), row.textOrNull("sender_email"));
  }

  /** The text of a search and its values, which are collected while the text is written. */
  private static final class Search {
    private final List<@Nullable Object> values = new ArrayList<>();
    private final String order;
    private final int max;
    private final String window;
    private final String following;
    private final List<String> conditions;

    Search(Filter filter, Dialect dialect) {
      this(filter, dialect, null, ChatCommand.COUNTED_MAX);
    }

    /**
     * @param after the message that those that match follow; null for all
     * @param some how many are looked at if their ids suffice
     */
    Search(Filter filter, Dialect dialect, @Nullable MessageId after, int some) {
      this.order = filter.oldestFirst() ? "ASC" : "DESC";
      boolean idsSuffice =
          filter.content() == null && (filter.kind() == null || filter.reference() != null);
      this.max = idsSuffice ? some : ChatCommand.SEARCHED_MAX;
      String follows =
          after == null ? "" : "id " + (filter.oldestFirst() ? "> " : "< ") + place(after.value());
      this.following = idsSuffice ? follows : "";
      String columns = idsSuffice ? "id" : "id, kind, content";
      this.window =
          String.join(" UNION ALL ", indexed(filter, columns))
              + " ORDER BY id "
              + order
              + " LIMIT "
              + max;
      this.conditions = conditions(filter, dialect);
      if (!idsSuffice && !follows.isEmpty()) {
        conditions.add(follows);
      }
    }

    /** The statement that selects the ids of what matches. */
    String matching() {
      return "SELECT id FROM ("
          + window
          + ") AS looked_through"
          + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions));
    }

    /**
     * The statement that selects a page of what matches. It also counts all of it if messages must
     * be read for that. If their ids suffice, reading them again is quicker than keeping them.
     */
    String page(Page.Request page) {
      return """
      SELECT %1$s, total FROM (
        SELECT id AS matching_id, %6$s AS total FROM (%2$s) AS matching
        ORDER BY id %3$s LIMIT %4$s OFFSET %5$s) AS page
      CROSS JOIN chat_message WHERE chat_message.id = matching_id
      ORDER BY id %3$s
      """
          .formatted(
              COLUMNS,
              matching(),
              order,
              place((long) page.size()),
              place(page.offset()),
              conditions.isEmpty() ? "0" : "COUNT(*) OVER ()");
    }

    /** The statement that selects the first of what matches. */
    String part(int size) {
      return """
      SELECT %1$s FROM (
        SELECT id AS matching_id FROM (%2$s) AS matching ORDER BY id %3$s LIMIT %4$s) AS part
      CROSS JOIN chat_message WHERE chat_message.id = matching_id
      ORDER BY id %3$s
      """
          .formatted(COLUMNS, matching(), order, place((long) size));
    }

    /** What no index finds. */
    private List<String> conditions(Filter filter, Dialect dialect) {
      var conditions = new ArrayList<String>();
      Kind kind = filter.kind();
      if (kind != null && filter.reference() == null) {
        conditions.add("kind = " + place(ChatStore.name(kind)));
      }
      String content = filter.content();
      if (content != null) {
        String place = "CAST(" + place(content.toLowerCase(Locale.ROOT)) + " AS TEXT)";
        conditions.add(
            switch (dialect) {
              case SQLITE -> "instr(LOWER(content), " + place + ") > 0";
              case POSTGRES -> "strpos(LOWER(content), " + place + ") > 0";
            });
      }
      return conditions;
    }

    /** Statements of the messages that an index gives in their order, one for each kind. */
    private List<String> indexed(Filter filter, String columns) {
      var sender = filter.sender();
      String bySender = sender == null ? "" : "sender_id = " + place(sender.value());
      Long reference = filter.reference();
      if (reference == null) {
        return List.of(some(columns, bySender));
      }
      Kind only = filter.kind();
      String ref = place(reference);
      return (only == null ? List.of(Kind.values()) : List.of(only))
          .stream()
              .map(kind -> "kind = '" + ChatStore.name(kind) + "' AND ref = " + ref)
              .map(condition -> bySender.isEmpty() ? condition : condition + " AND " + bySender)
              .map(condition -> some(columns, condition))
              .toList();
    }

    // The limit keeps a planner from looking for the content in all messages first.
    private String some(String columns, String condition) {
      String selected =
          Stream.of(condition, following)
              .filter(one -> !one.isEmpty())
              .collect(Collectors.joining(" AND "));
      return "SELECT * FROM (SELECT "
          + columns
          + " FROM chat_message "
          + (selected.isEmpty() ? "" : "WHERE " + selected)
          + " ORDER BY id "
          + order
          + " LIMIT "
          + max
          + ") AS candidates";
    }

    /** Adds a value, and returns its place in the text. */
    String place(Object value) {
      values.add(value);
      return "$" + values.size();
    }
  }
}
