package dev.rookery.storage;

import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.store.Dialect;
import dev.rookery.store.ListTotals;
import dev.rookery.store.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Lists of objects, for players and for admins. A search by a part of the key, without an owner or
 * a lobby, looks through {@value StorageCommand#KEYS_SEARCHED_MAX} objects twice: the first whose
 * keys begin with it, and the newest of all.
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
   * ListTotals#EXACT_MAX} objects the newest are first instead: an index by the time of the last
   * write would make each write more expensive, twice as much on PostgreSQL, since an update that
   * changes no indexed column changes no index.
   */
  Page<StoredObject> search(
      Reader reader,
      ListTotals totals,
      String collection,
      StorageCommand.Filter filter,
      Page.Request page) {
    var search = new Search(reader.dialect(), collection, filter);
    long total =
        totals.count(
            reader, List.of(collection, filter), search.matching(), search.values.toArray());
    if (ListTotals.isBehind(page, total)) {
      return new Page<>(List.of(), page.number(), page.size(), total);
    }
    String order = total > ListTotals.EXACT_MAX ? NEWEST_FIRST : LATEST_UPDATE_FIRST;
    String sql =
        StorageStore.SELECT
            + "WHERE id IN (SELECT id "
            + search.matching()
            + order
            + " LIMIT "
            + search.place((long) page.size())
            + " OFFSET "
            + search.place(page.offset())
            + ")"
            + order;
    return new Page<>(
        reader.read(sql, search.values.toArray()).all(StorageStore::object),
        page.number(),
        page.size(),
        total);
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
      String inCollection = "collection = " + place(collection);
      String part = filter.keyPart() == null ? null : filter.keyPart().toLowerCase(Locale.ROOT);
      boolean few = filter.globalOnly() || filter.owner() != null || filter.lobby() != null;
      if (part != null && !few) {
        source = lookedThrough(dialect, inCollection, part);
        return;
      }
      source = "storage_object";
      conditions.add(inCollection);
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

    private String lookedThrough(Dialect dialect, String inCollection, String part) {
      return """
      (SELECT id, updated_ms FROM (SELECT id, updated_ms FROM storage_object
         WHERE %1$s AND %2$s >= %3$s AND %2$s < %4$s ORDER BY %2$s LIMIT %6$d) AS named
       UNION SELECT id, updated_ms FROM (SELECT id, updated_ms, object_key FROM storage_object
         WHERE %1$s ORDER BY id DESC LIMIT %6$d) AS newest WHERE %5$s) AS found\
      """
          .formatted(
              inCollection,
              "LOWER(object_key)" + dialect.byCodePoint(),
              place(part),
              place(part + LAST_CHARACTER),
              contains(part),
              StorageCommand.KEYS_SEARCHED_MAX);
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
