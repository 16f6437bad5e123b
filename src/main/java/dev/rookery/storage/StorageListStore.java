package dev.rookery.storage;

import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.store.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Lists of objects, for players and for admins. */
final class StorageListStore {
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
   * A page of a collection for the API, what was written last first; {@link #browse} for pages.
   *
   * <p>Counts and sorts all that match, which takes about a second for a million. An index by the
   * time of the last write would make each write more expensive: twice as much on PostgreSQL, since
   * an update that changes no indexed column changes no index. The filters by owner and by lobby
   * use those of these columns.
   */
  Page<StoredObject> search(
      Reader reader, String collection, StorageCommand.Filter filter, Page.Request page) {
    var values = new ArrayList<@Nullable Object>();
    String condition = condition(collection, filter, values);
    long total =
        reader
            .read("SELECT COUNT(*) AS total FROM storage_object " + condition, values.toArray())
            .row(0)
            .number("total");
    if (total <= page.offset()) {
      return new Page<>(List.of(), page.number(), page.size(), total);
    }
    values.add((long) page.size());
    values.add(page.offset());
    String sql =
        StorageStore.SELECT
            + condition
            + " ORDER BY updated_ms DESC, id DESC LIMIT $"
            + (values.size() - 1)
            + " OFFSET $"
            + values.size();
    return new Page<>(
        reader.read(sql, values.toArray()).all(StorageStore::object),
        page.number(),
        page.size(),
        total);
  }

  /** A part of a collection by the ids of its objects, the highest first. */
  List<StoredObject> browse(Reader reader, StorageCommand.Browse browse) {
    var values = new ArrayList<@Nullable Object>();
    String condition = condition(browse.collection(), browse.filter(), values);
    Long cursor = browse.cursor();
    if (cursor != null) {
      values.add(cursor);
      condition += (browse.backwards() ? " AND id > $" : " AND id < $") + values.size();
    }
    values.add((long) browse.max());
    String sql =
        StorageStore.SELECT
            + condition
            + (browse.backwards() ? " ORDER BY id LIMIT $" : " ORDER BY id DESC LIMIT $")
            + values.size();
    List<StoredObject> found = reader.read(sql, values.toArray()).all(StorageStore::object);
    return browse.backwards() ? found.reversed() : found;
  }

  /** How many objects of a collection there are, counted up to a maximum. */
  long count(Reader reader, String collection, StorageCommand.Filter filter, long max) {
    var values = new ArrayList<@Nullable Object>();
    String condition = condition(collection, filter, values);
    values.add(max);
    return reader
        .read(
            "SELECT COUNT(*) AS total FROM (SELECT 1 FROM storage_object "
                + condition
                + " LIMIT $"
                + values.size()
                + ") AS counted",
            values.toArray())
        .row(0)
        .number("total");
  }

  private static String condition(
      String collection, StorageCommand.Filter filter, List<@Nullable Object> values) {
    var where = new StringBuilder("WHERE collection = $1");
    values.add(collection);
    if (filter.globalOnly()) {
      where.append(" AND player_id = 0 AND lobby_id = 0");
    } else {
      if (filter.owner() != null) {
        values.add(filter.owner().value());
        where.append(" AND player_id = $").append(values.size());
      }
      if (filter.lobby() != null) {
        values.add(filter.lobby().value());
        where.append(" AND lobby_id > 0 AND lobby_id = $").append(values.size());
      }
    }
    if (filter.keyPart() != null) {
      values.add("%" + escaped(filter.keyPart().toLowerCase(Locale.ROOT)) + "%");
      where.append(" AND LOWER(object_key) LIKE $").append(values.size()).append(" ESCAPE '\\'");
    }
    return where.toString();
  }

  private static String escaped(String part) {
    return part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
  }
}
