package dev.rookery.storage;

import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.store.Dialect;
import dev.rookery.store.LongList;
import dev.rookery.store.LongLists;
import dev.rookery.store.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Lists of objects, for players and for admins. A search by a part of the key, without an owner or
 * a lobby, looks through {@value StorageCommand#KEYS_SEARCHED_MAX} objects twice: the first whose
 * keys begin with it, and the newest; if only global objects are listed, of these.
 */
final class StorageListStore {
  private static final String LAST_CHARACTER = Character.toString(Character.MAX_CODE_POINT);
  private static final String NEWEST_FIRST = " ORDER BY id DESC";
  private static final String LATEST_UPDATE_FIRST = " ORDER BY updated_ms DESC, id DESC";

  private static final String OF_OWNER =
      StorageStore.SELECT
          + "WHERE player_id = $1 AND collection = $2 AND id > $3 ORDER BY id LIMIT $4";

  private static final String OF_EVERYBODY =
      StorageStore.SELECT
          + "WHERE collection = $1 AND read_access = 2 AND id > $2 ORDER BY id LIMIT $3";

  List<StoredObject> ofOwner(
      Reader reader, PlayerId owner, String collection, long after, int max) {
    return reader
        .read(OF_OWNER, owner.value(), collection, after, (long) max)
        .all(StorageStore::object);
  }

  List<StoredObject> ofEverybody(Reader reader, String collection, long after, int max) {
    return reader.read(OF_EVERYBODY, collection, after, (long) max).all(StorageStore::object);
  }

  /**
   * A page of a collection for the API, what was written last first. Of more than {@value
   * LongLists#EXACT_MAX} objects the newest are first instead: an index by the time of the last
   * write would make each write more expensive, twice as much on PostgreSQL, since an update that
   * changes no indexed column changes no index.
   */
  Page<StoredObject> search(
      Reader reader,
      LongLists longLists,
      String collection,
      StorageCommand.Filter filter,
      Page.Request page) {
    var search = new Search(reader.dialect(), collection, filter);
    var key = List.of(collection, filter);
    var list = new LongList(key, "id", true, search.matching(), search.values);
    long total = longLists.count(reader, key, list.matching(), search.values.toArray());
    List<StoredObject> items =
        LongLists.isBehind(page, total)
            ? List.of()
            : total > LongLists.EXACT_MAX
                ? longLists.rows(reader, list, StorageStore.SELECT, page).all(StorageStore::object)
                : latestUpdates(reader, search, page);
    return new Page<>(items, page.number(), page.size(), total);
  }

  private static List<StoredObject> latestUpdates(Reader reader, Search search, Page.Request page) {
    String sql =
        StorageStore.SELECT
            + "WHERE id IN (SELECT id "
            + search.matching()
            + LATEST_UPDATE_FIRST
            + " LIMIT "
            + search.place((long) page.size())
            + " OFFSET "
            + search.place(page.offset())
            + ")"
            + LATEST_UPDATE_FIRST;
    return reader.read(sql, search.values.toArray()).all(StorageStore::object);
  }

  /** A part of a collection by the ids of its objects, the highest first. */
  List<StoredObject> browse(Reader reader, StorageCommand.Browse browse) {
    var search = new Search(reader.dialect(), browse.collection(), browse.filter());
    Long cursor = browse.cursor();
    if (cursor != null) {
      search.conditions.add((browse.backwards() ? "id > " : "id < ") + search.place(cursor));
    }
    String order = browse.backwards() ? " ORDER BY id" : NEWEST_FIRST;
    // Finds ids alone: the values are read for this part.
    String sql =
        StorageStore.SELECT
            + "WHERE id IN (SELECT id "
            + search.matching()
            + order
            + " LIMIT "
            + search.place((long) browse.max())
            + ")"
            + order;
    List<StoredObject> found = reader.read(sql, search.values.toArray()).all(StorageStore::object);
    return browse.backwards() ? found.reversed() : found;
  }

  /** How many objects of a collection there are, counted up to a maximum. */
  long count(Reader reader, String collection, StorageCommand.Filter filter, long max) {
    var search = new Search(reader.dialect(), collection, filter);
    return reader
        .read(
            "SELECT COUNT(*) AS total FROM (SELECT 1 AS one "
                + search.matching()
                + " LIMIT "
                + search.place(max)
                + ") AS counted",
            search.values.toArray())
        .row(0)
        .number("total");
  }

  /** The text of a search and its values, which are collected while the text is written. */
  private static final class Search {
    private final List<@Nullable Object> values = new ArrayList<>();
    private final List<String> conditions = new ArrayList<>();
    private final String source;

    Search(Dialect dialect, String collection, StorageCommand.Filter filter) {
      String part = filter.keyPart() == null ? null : filter.keyPart().toLowerCase(Locale.ROOT);
      conditions.add("collection = " + place(collection));
      if (filter.globalOnly()) {
        conditions.add("player_id = 0 AND lobby_id = 0");
      } else {
        if (filter.owner() != null) {
          conditions.add("player_id = " + place(filter.owner().value()));
        }
        if (filter.lobby() != null) {
          conditions.add("lobby_id > 0 AND lobby_id = " + place(filter.lobby().value()));
        }
      }
      boolean few = !filter.globalOnly() && (filter.owner() != null || filter.lobby() != null);
      if (part != null && !few) {
        source = lookedThrough(dialect, filter.globalOnly(), part);
        conditions.clear();
        return;
      }
      source = filter.globalOnly() ? "storage_object" + global(dialect, "") : "storage_object";
      if (part != null) {
        conditions.add(contains(part));
      }
    }

    /** From {@code FROM} on, without an order. */
    String matching() {
      return "FROM "
          + source
          + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions));
    }

    private String lookedThrough(Dialect dialect, boolean globalOnly, String part) {
      return """
      (SELECT id, updated_ms FROM (SELECT id, updated_ms FROM storage_object%7$s
         WHERE %1$s AND %2$s >= %3$s AND %2$s < %4$s ORDER BY %2$s LIMIT %6$d) AS named
       UNION SELECT id, updated_ms FROM (SELECT id, updated_ms, object_key FROM storage_object%8$s
         WHERE %1$s ORDER BY id DESC LIMIT %6$d) AS newest WHERE %5$s) AS found\
      """
          .formatted(
              String.join(" AND ", conditions),
              "LOWER(object_key)" + dialect.byCodePoint(),
              place(part),
              place(part + LAST_CHARACTER),
              contains(part),
              StorageCommand.KEYS_SEARCHED_MAX,
              globalOnly ? global(dialect, "_key") : "",
              globalOnly ? global(dialect, "") : "");
    }

    /**
     * Makes SQLite find global objects in their own index: it takes them for as few as those of a
     * player, and would sort all of them.
     */
    private static String global(Dialect dialect, String index) {
      return dialect == Dialect.SQLITE ? " INDEXED BY storage_object_global" + index : "";
    }

    private String contains(String part) {
      return "LOWER(object_key) LIKE " + place("%" + escaped(part) + "%") + " ESCAPE '\\'";
    }

    /** Adds a value, and returns its place in the text. */
    String place(Object value) {
      values.add(value);
      return "$" + values.size();
    }

    private static String escaped(String part) {
      return part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
    }
  }
}
