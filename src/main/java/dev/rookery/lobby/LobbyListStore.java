package dev.rookery.lobby;

import dev.rookery.base.Page;
import dev.rookery.lobby.LobbyQuery.Filter;
import dev.rookery.store.Dialect;
import dev.rookery.store.MetadataFilter;
import dev.rookery.store.Reader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The list of lobbies that are not hidden. Every filter is part of the statement, so totals hold.
 */
final class LobbyListStore {
  private final List<String> conditions = new ArrayList<>();
  private final List<@Nullable Object> values = new ArrayList<>();

  private LobbyListStore() {
    conditions.add("closed_ms IS NULL");
    conditions.add("hidden = 0");
  }

  static Page<Lobby> list(Reader reader, Filter filter, Page.Request page) {
    var where = new LobbyListStore();
    where.add(filter, reader.dialect());
    return where.page(reader, page);
  }

  private void add(Filter filter, Dialect dialect) {
    String prefix = filter.titlePrefix();
    if (prefix != null && !prefix.isBlank()) {
      // Compared as text, so that % and _ mean themselves.
      String start = LobbyStore.key(prefix.strip());
      String length = "CAST(" + value(start.codePointCount(0, start.length())) + " AS INTEGER)";
      conditions.add("substr(title_key, 1, " + length + ") = " + value(start));
    }
    if (filter.passworded() != null) {
      conditions.add("password_hash IS " + (filter.passworded() ? "NOT NULL" : "NULL"));
    }
    if (filter.locked() != null) {
      conditions.add("locked = " + (filter.locked() ? 1 : 0));
    }
    if (filter.seatsAtLeast() != null) {
      conditions.add("seats_max >= " + value(filter.seatsAtLeast()));
    }
    if (filter.seatsAtMost() != null) {
      conditions.add("seats_max <= " + value(filter.seatsAtMost()));
    }
    if (filter.metadataKey() != null && !filter.metadataKey().isEmpty()) {
      addMetadata(filter.metadataKey(), filter.metadataValue(), dialect);
    }
  }

  private void addMetadata(String key, @Nullable String text, Dialect dialect) {
    String keyPlaceholder = value(key);
    conditions.add(
        MetadataFilter.condition(
            dialect, keyPlaceholder, text == null || text.isEmpty() ? null : value(text)));
  }

  private Page<Lobby> page(Reader reader, Page.Request page) {
    String where = " FROM lobby WHERE " + String.join(" AND ", conditions);
    long total =
        reader.read("SELECT count(*) AS total" + where, values.toArray()).row(0).number("total");
    String range = " ORDER BY id LIMIT " + value(page.size()) + " OFFSET " + value(page.offset());
    List<Lobby> items =
        reader
            .read("SELECT " + LobbyStore.COLUMNS + where + range, values.toArray())
            .all(LobbyStore::lobby);
    return new Page<>(items, page.number(), page.size(), total);
  }

  /** Adds a value to the statement, and gives its placeholder. */
  private String value(Object value) {
    values.add(value);
    return "$" + values.size();
  }
}
