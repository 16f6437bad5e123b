package dev.rookery.chat;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Revisions;
import dev.rookery.chat.Conversation.Kind;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The rules of the filter as rows. */
final class FilterStore {
  private static final String SELECT =
      "SELECT id, pattern, action, kinds, admin_id, created_ms, updated_ms FROM chat_filter ";

  private static final String INSERT =
      """
      INSERT INTO chat_filter (pattern, action, kinds, admin_id, created_ms, updated_ms)
      VALUES ($1, $2, $3, $4, $5, $5)
      RETURNING id, pattern, action, kinds, admin_id, created_ms, updated_ms
      """;

  private static final String UPDATE =
      """
      UPDATE chat_filter SET pattern = $1, action = $2, kinds = $3, admin_id = $4, updated_ms = $5
      WHERE id = $6
      RETURNING id, pattern, action, kinds, admin_id, created_ms, updated_ms
      """;

  // Its row is locked until the end of the transaction, so that changes are one after another.
  private static final String COUNT_CHANGE =
      """
      INSERT INTO chat_filter_change (one, revision) VALUES (1, 1)
      ON CONFLICT (one) DO UPDATE SET revision = chat_filter_change.revision + 1
      """;

  private static final String CHANGES = "SELECT revision FROM chat_filter_change";

  /** How many changes there were. */
  long changes(Reader reader) {
    return reader.read(CHANGES).first(row -> row.number("revision")).orElse(0L);
  }

  /** Counts a change, and makes others wait until this transaction has ended. */
  void countChange(Transaction tx) {
    tx.run(COUNT_CHANGE);
  }

  List<FilterRule> all(Reader reader) {
    return reader
        .read(SELECT + "ORDER BY pattern, id LIMIT $1", (long) FilterCommand.RULES_MAX)
        .all(FilterStore::rule);
  }

  Optional<FilterRule> find(Reader reader, long id) {
    return reader.read(SELECT + "WHERE id = $1", id).first(FilterStore::rule);
  }

  FilterRule insert(Transaction tx, FilterCommand.CreateRule create) {
    return tx.run(
            INSERT,
            create.pattern(),
            create.action().text(),
            text(create.kinds()),
            create.admin().value(),
            tx.now().toEpochMilli())
        .first(FilterStore::rule)
        .orElseThrow();
  }

  FilterRule update(Transaction tx, FilterRule before, FilterCommand.UpdateRule update) {
    return tx.run(
            UPDATE,
            update.pattern(),
            update.action().text(),
            text(update.kinds()),
            update.admin().value(),
            Revisions.next(before.updatedMs(), tx.now().toEpochMilli()),
            update.id())
        .first(FilterStore::rule)
        .orElseThrow();
  }

  boolean delete(Transaction tx, long id) {
    return !tx.run("DELETE FROM chat_filter WHERE id = $1 RETURNING id", id).isEmpty();
  }

  private static String text(Set<Kind> kinds) {
    return kinds.stream().sorted().map(ChatStore::name).collect(Collectors.joining(" "));
  }

  private static FilterRule rule(Row row) {
    return new FilterRule(
        row.number("id"),
        row.text("pattern"),
        FilterRule.Action.of(row.text("action")).orElseThrow(),
        Arrays.stream(row.text("kinds").split(" "))
            .filter(kind -> !kind.isEmpty())
            .map(kind -> Kind.valueOf(kind.toUpperCase(Locale.ROOT)))
            .collect(Collectors.toSet()),
        new PlayerId(row.number("admin_id")),
        row.number("created_ms"),
        row.number("updated_ms"));
  }
}
