package dev.rookery.lobby;

import dev.rookery.base.LobbyId;
import dev.rookery.base.Page;
import dev.rookery.lobby.LobbyQuery.Filter;
import dev.rookery.lobby.LobbyQuery.WatchedLobby;
import dev.rookery.store.Dialect;
import dev.rookery.store.LongList;
import dev.rookery.store.LongLists;
import dev.rookery.store.MetadataFilter;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.Rows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lists of lobbies. Pages with a filter look through at most {@value LobbyQuery#LOOKED_THROUGH_MAX}
 * lobbies, and their total counts what they find among these.
 */
final class LobbyListStore {
  private static final String WATCHED = LobbyStore.COLUMNS + ", " + LobbyStore.SPECTATORS;
  private static final String LAST_CHARACTER = Character.toString(Character.MAX_CODE_POINT);

  // Those of sample data do not count.
  private static final String FIND_SHARED =
      """
      SELECT id FROM (SELECT id, host_id, members FROM lobby ORDER BY id DESC LIMIT 100) AS newest
      WHERE members > 1 AND NOT EXISTS (
        SELECT player.id FROM player WHERE player.id = newest.host_id AND player.mark = 'sample')
      LIMIT 1
      """;

  private final Dialect dialect;
  // In the order in which their values are in the text: those that an index finds, and those that
  // are applied to what it has found.
  private final List<String> selecting = new ArrayList<>(List.of("closed_ms IS NULL"));
  private final List<String> applied = new ArrayList<>();
  private final Set<String> columns = new LinkedHashSet<>(Set.of("id"));
  private final List<@Nullable Object> values = new ArrayList<>();
  private boolean titled;
  private boolean marked;

  private LobbyListStore(Dialect dialect) {
    this.dialect = dialect;
  }

  /** Those that are not hidden, oldest first; with a filter, of the newest. */
  static Page<Lobby> list(Reader reader, LongLists longLists, Filter filter, Page.Request page) {
    var list = new LobbyListStore(reader.dialect());
    list.selecting.add("hidden = 0");
    list.add(filter);
    if (list.isFiltered()) {
      return list.page(reader, page, "id DESC", "id", LobbyStore.COLUMNS, LobbyStore::lobby);
    }
    var visible =
        new LongList(List.of("lobbies", false), "id", false, list.selected(), list.values);
    return longLists.page(
        reader, visible, "SELECT " + LobbyStore.COLUMNS + " FROM lobby", page, LobbyStore::lobby);
  }

  /**
   * All for the API, with the lobby whose settings were saved last first; {@link #browse} for
   * pages.
   *
   * @param hidden null for all lobbies
   */
  static Page<WatchedLobby> listAll(
      Reader reader,
      LongLists longLists,
      Filter filter,
      @Nullable Boolean hidden,
      Page.Request page) {
    var list = new LobbyListStore(reader.dialect());
    list.selectHidden(hidden);
    list.add(filter);
    list.columns.add("updated_ms");
    String order = "updated_ms DESC, id DESC";
    return list.isFiltered()
        ? list.page(reader, page, order, order, WATCHED, LobbyListStore::watched)
        : list.page(
            reader,
            page,
            longLists.count(reader, Arrays.asList("lobbies", hidden), list.selected()),
            order,
            WATCHED,
            LobbyListStore::watched);
  }

  /** A part of all of them, or of those of a title as in pages, by their ids; the highest first. */
  static List<WatchedLobby> browse(Reader reader, LobbyQuery.Browse browse) {
    var list = new LobbyListStore(reader.dialect());
    list.selectHidden(browse.hidden());
    list.add(browse.filter());
    LobbyId cursor = browse.cursor();
    if (cursor != null) {
      list.applied.add((browse.backwards() ? "id > " : "id < ") + list.value(cursor.value()));
    }
    String order = browse.backwards() ? " ORDER BY id" : " ORDER BY id DESC";
    String sql =
        "SELECT "
            + WATCHED
            + " FROM lobby WHERE id IN (SELECT id"
            + list.browsed()
            + order
            + " LIMIT "
            + list.value(browse.max())
            + ")"
            + order;
    List<WatchedLobby> found = reader.read(sql, list.values.toArray()).all(LobbyListStore::watched);
    return browse.backwards() ? found.reversed() : found;
  }

  /**
   * How many of all lobbies there are, counted up to a maximum.
   *
   * @param hidden null for all lobbies
   */
  static long count(Reader reader, Filter filter, @Nullable Boolean hidden, long max) {
    var list = new LobbyListStore(reader.dialect());
    list.selectHidden(hidden);
    list.add(filter);
    String sql =
        "SELECT count(*) AS total FROM (SELECT 1 AS one"
            + list.browsed()
            + " LIMIT "
            + list.value(max)
            + ") AS counted";
    return reader.read(sql, list.values.toArray()).row(0).number("total");
  }

  private static WatchedLobby watched(Row row) {
    return new WatchedLobby(LobbyStore.lobby(row), (int) row.number("spectators"));
  }

  static long count(Reader reader, LobbyQuery.Count count) {
    var list = new LobbyListStore(reader.dialect());
    list.selectHidden(count.hidden());
    list.addFlag("hostless", count.hostless());
    list.addFlag("locked", count.locked());
    list.addPassworded(count.passworded());
    return reader
        .read("SELECT count(*) AS total" + list.whole(), list.values.toArray())
        .row(0)
        .number("total");
  }

  static boolean isAnyShared(Reader reader) {
    return !reader.read(FIND_SHARED).isEmpty();
  }

  private void selectHidden(@Nullable Boolean hidden) {
    if (hidden != null) {
      selecting.add("hidden = " + (hidden ? 1 : 0));
    }
  }

  private void addFlag(String column, @Nullable Boolean flag) {
    addMark(column, flag, column + " = 1", column + " = 0");
  }

  private void addPassworded(@Nullable Boolean passworded) {
    addMark("password_hash", passworded, "password_hash IS NOT NULL", "password_hash IS NULL");
  }

  /** An index has the lobbies with a mark, which are few, by their ids. */
  private void addMark(String column, @Nullable Boolean mark, String marks, String doesNot) {
    if (Boolean.TRUE.equals(mark)) {
      marked = true;
      selecting.add(marks);
    } else if (mark != null) {
      apply(column, doesNot);
    }
  }

  private void apply(String column, String condition) {
    columns.add(column);
    applied.add(condition);
  }

  private void add(Filter filter) {
    String prefix = filter.titlePrefix();
    if (prefix != null && !prefix.isBlank()) {
      addTitle(LobbyStore.key(prefix.strip()));
    }
    addPassworded(filter.passworded());
    addFlag("locked", filter.locked());
    addSeats(filter.seatsAtLeast(), filter.seatsAtMost());
    String key = filter.metadataKey();
    if (key != null && !key.isEmpty()) {
      String text = filter.metadataValue();
      String keyPlaceholder = value(key);
      apply(
          "metadata",
          MetadataFilter.condition(
              dialect, keyPlaceholder, text == null || text.isEmpty() ? null : value(text)));
    }
  }

  /** An index has the lobbies with one number of seats by their ids. */
  private void addSeats(@Nullable Integer atLeast, @Nullable Integer atMost) {
    if (atLeast != null && atLeast.equals(atMost) && !titled) {
      marked = true;
      selecting.add("seats_max = " + value(atLeast));
      return;
    }
    if (atLeast != null) {
      apply("seats_max", "seats_max >= " + value(atLeast));
    }
    if (atMost != null) {
      apply("seats_max", "seats_max <= " + value(atMost));
    }
  }

  /** Compares as text, so that % and _ mean themselves; the range is that of the index. */
  private void addTitle(String start) {
    String title = titleKey();
    String length = "CAST(" + value(start.codePointCount(0, start.length())) + " AS INTEGER)";
    String given = value(start);
    selecting.add("substr(title_key, 1, " + length + ") = " + given);
    selecting.add(title + " >= " + given);
    selecting.add(title + " <= " + value(start + LAST_CHARACTER));
    titled = true;
  }

  /** The title by code points: a range of titles then equals those with one prefix. */
  private String titleKey() {
    return "title_key" + dialect.byCodePoint();
  }

  private boolean isFiltered() {
    return titled || marked || !applied.isEmpty();
  }

  /** All lobbies that an index finds. */
  private String selected() {
    return " FROM lobby WHERE " + String.join(" AND ", selecting);
  }

  /** All lobbies that match, however many are looked at. */
  private String whole() {
    return applied.isEmpty() ? selected() : selected() + " AND " + String.join(" AND ", applied);
  }

  /** What pages show: lobbies of a title, of which there may be many, are looked through. */
  private String browsed() {
    return titled ? lookedThrough("") : whole();
  }

  /** The lobbies that match among the first that an index finds. */
  private String lookedThrough(String order) {
    return " FROM (SELECT "
        + String.join(", ", columns)
        + selected()
        + " ORDER BY "
        + (titled ? titleKey() + ", id" : marked ? "id DESC" : order)
        + " LIMIT "
        + LobbyQuery.LOOKED_THROUGH_MAX
        + ") AS looked_through"
        + (applied.isEmpty() ? "" : " WHERE " + String.join(" AND ", applied));
  }

  /** A page of what matches, whose total is counted by the statement that finds it. */
  private <T> Page<T> page(
      Reader reader,
      Page.Request page,
      String lookedThroughBy,
      String order,
      String read,
      Function<Row, T> item) {
    String matching = lookedThrough(lookedThroughBy);
    @Nullable Object[] filters = values.toArray();
    // CROSS JOIN keeps SQLite from reading all lobbies in their order first.
    String sql =
        "SELECT "
            + read
            + ", total FROM (SELECT id AS matching_id, COUNT(*) OVER () AS total"
            + matching
            + range(order, page)
            + ") AS matching CROSS JOIN lobby WHERE lobby.id = matching_id ORDER BY "
            + order;
    Rows rows = reader.read(sql, values.toArray());
    // A page behind the last one has no row to show the total.
    long total =
        rows.first(row -> row.number("total"))
            .orElseGet(
                () ->
                    page.offset() == 0
                        ? 0L
                        : reader
                            .read("SELECT count(*) AS total" + matching, filters)
                            .row(0)
                            .number("total"));
    return new Page<>(rows.all(item), page.number(), page.size(), total);
  }

  /** A page of all that an index finds. */
  private <T> Page<T> page(
      Reader reader,
      Page.Request page,
      long total,
      String order,
      String read,
      Function<Row, T> item) {
    if (LongLists.isBehind(page, total)) {
      return new Page<>(List.of(), page.number(), page.size(), total);
    }
    // Skips ids alone: the columns have statements of their own, for this page's rows.
    String sql =
        "SELECT "
            + read
            + " FROM lobby WHERE id IN (SELECT id"
            + selected()
            + range(order, page)
            + ") ORDER BY "
            + order;
    List<T> items = reader.read(sql, values.toArray()).all(item);
    return new Page<>(items, page.number(), page.size(), total);
  }

  private String range(String order, Page.Request page) {
    return " ORDER BY "
        + order
        + " LIMIT "
        + value((long) page.size())
        + " OFFSET "
        + value(page.offset());
  }

  /** Adds a value to the statement, and gives its placeholder. */
  private String value(Object value) {
    values.add(value);
    return "$" + values.size();
  }
}
