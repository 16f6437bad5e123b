package dev.rookery.lobby;

import dev.rookery.base.LobbyId;
import dev.rookery.base.Page;
import dev.rookery.lobby.LobbyQuery.Filter;
import dev.rookery.lobby.LobbyQuery.WatchedLobby;
import dev.rookery.store.Dialect;
import dev.rookery.store.MetadataFilter;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Lists of lobbies. Every filter is part of the statement, so totals hold. */
final class LobbyListStore {
  private static final String WATCHED = LobbyStore.COLUMNS + ", " + LobbyStore.SPECTATORS;

  // Those of sample data do not count.
  private static final String FIND_SHARED =
      """
      SELECT id FROM (SELECT id, host_id, members FROM lobby ORDER BY id DESC LIMIT 100) AS newest
      WHERE members > 1 AND NOT EXISTS (
        SELECT player.id FROM player WHERE player.id = newest.host_id AND player.mark = 'sample')
      LIMIT 1
      """;

  private final List<String> conditions = new ArrayList<>();
  private final List<@Nullable Object> values = new ArrayList<>();

  private LobbyListStore() {
    conditions.add("closed_ms IS NULL");
  }

  /** Those that are not hidden, oldest first. */
  static Page<Lobby> list(Reader reader, Filter filter, Page.Request page) {
    var where = new LobbyListStore();
    where.conditions.add("hidden = 0");
    where.add(filter, reader.dialect());
    return where.page(reader, page, LobbyStore.COLUMNS, "id", LobbyStore::lobby);
  }

  /**
   * All for the API, with the lobby whose settings were saved last first; {@link #browse} for
   * pages. Counts and sorts all that match.
   *
   * @param hidden null for all lobbies
   */
  static Page<WatchedLobby> listAll(
      Reader reader, Filter filter, @Nullable Boolean hidden, Page.Request page) {
    var where = new LobbyListStore();
    where.addFlag("hidden", hidden);
    where.add(filter, reader.dialect());
    return where.page(reader, page, WATCHED, "updated_ms DESC, id DESC", LobbyListStore::watched);
  }

  /** A part of all of them by their ids, the highest first. */
  static List<WatchedLobby> browse(Reader reader, LobbyQuery.Browse browse) {
    var where = new LobbyListStore();
    where.addFlag("hidden", browse.hidden());
    where.add(browse.filter(), reader.dialect());
    LobbyId cursor = browse.cursor();
    if (cursor != null) {
      where.conditions.add((browse.backwards() ? "id > " : "id < ") + where.value(cursor.value()));
    }
    String order = browse.backwards() ? " ORDER BY id LIMIT " : " ORDER BY id DESC LIMIT ";
    String sql = "SELECT " + WATCHED + where.where() + order + where.value(browse.max());
    List<WatchedLobby> found =
        reader.read(sql, where.values.toArray()).all(LobbyListStore::watched);
    return browse.backwards() ? found.reversed() : found;
  }

  /**
   * How many of all lobbies there are, counted up to a maximum.
   *
   * @param hidden null for all lobbies
   */
  static long count(Reader reader, Filter filter, @Nullable Boolean hidden, long max) {
    var where = new LobbyListStore();
    where.addFlag("hidden", hidden);
    where.add(filter, reader.dialect());
    String sql =
        "SELECT count(*) AS total FROM (SELECT 1"
            + where.where()
            + " LIMIT "
            + where.value(max)
            + ") AS counted";
    return reader.read(sql, where.values.toArray()).row(0).number("total");
  }

  private static WatchedLobby watched(Row row) {
    return new WatchedLobby(LobbyStore.lobby(row), (int) row.number("spectators"));
  }

  static long count(Reader reader, LobbyQuery.Count count) {
    var where = new LobbyListStore();
    where.addFlag("hidden", count.hidden());
    where.addFlag("hostless", count.hostless());
    where.addFlag("locked", count.locked());
    where.addPassworded(count.passworded());
    return where.total(reader);
  }

  static boolean isAnyShared(Reader reader) {
    return !reader.read(FIND_SHARED).isEmpty();
  }

  private void addFlag(String column, @Nullable Boolean flag) {
    if (flag != null) {
      conditions.add(column + " = " + (flag ? 1 : 0));
    }
  }

  private void addPassworded(@Nullable Boolean passworded) {
    if (passworded != null) {
      conditions.add("password_hash IS " + (passworded ? "NOT NULL" : "NULL"));
    }
  }

  private void add(Filter filter, Dialect dialect) {
    String prefix = filter.titlePrefix();
    if (prefix != null && !prefix.isBlank()) {
      // Compared as text, so that % and _ mean themselves.
      String start = LobbyStore.key(prefix.strip());
      String length = "CAST(" + value(start.codePointCount(0, start.length())) + " AS INTEGER)";
      conditions.add("substr(title_key, 1, " + length + ") = " + value(start));
    }
    addPassworded(filter.passworded());
    addFlag("locked", filter.locked());
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

  private <T> Page<T> page(
      Reader reader, Page.Request page, String columns, String order, Function<Row, T> read) {
    String where = where();
    long total = total(reader);
    if (total <= page.offset()) {
      return new Page<>(List.of(), page.number(), page.size(), total);
    }
    // Sorts and skips ids alone: the columns have statements of their own, for this page's rows.
    String ids =
        "SELECT id"
            + where
            + " ORDER BY "
            + order
            + " LIMIT "
            + value(page.size())
            + " OFFSET "
            + value(page.offset());
    String sql = "SELECT " + columns + " FROM lobby WHERE id IN (" + ids + ") ORDER BY " + order;
    List<T> items = reader.read(sql, values.toArray()).all(read);
    return new Page<>(items, page.number(), page.size(), total);
  }

  private String where() {
    return " FROM lobby WHERE " + String.join(" AND ", conditions);
  }

  private long total(Reader reader) {
    return reader
        .read("SELECT count(*) AS total" + where(), values.toArray())
        .row(0)
        .number("total");
  }

  /** Adds a value to the statement, and gives its placeholder. */
  private String value(Object value) {
    values.add(value);
    return "$" + values.size();
  }
}
