package dev.rookery.store;

import com.github.benmanes.caffeine.cache.Cache;
import dev.rookery.base.Page;
import org.jspecify.annotations.Nullable;

/**
 * Places in long lists, from which pages far from the start are found without reading all rows
 * before them. A page begins at most about {@value #STEP} rows after a known place. If none is
 * known, the nearest one is found by reading from the known place before it, and kept for {@link
 * LongLists#KEPT_FOR}: reading all pages in turn reads each row once or twice.
 *
 * <p>Rows that are added before a place are counted, so a page never skips one for them. Rows that
 * are deleted meanwhile are not: a page may show again what the page before it has shown.
 */
final class ListPlaces {
  /** How many rows are between two places. */
  static final int STEP = 5_000;

  static final int PLACES_MAX = 10_000;

  /** Where a list begins. */
  static final Place START = new Place(0, null, 0);

  /**
   * A row of a list.
   *
   * @param rows how many rows there are up to this one
   * @param id null before the first row
   * @param newestId of the list, when the rows were counted
   */
  record Place(long rows, @Nullable Long id, long newestId) {}

  private record Key(Object list, long step) {}

  private final Cache<Object, Place> kept;

  /**
   * @param kept at most {@value #PLACES_MAX}, for a limited time
   */
  ListPlaces(Cache<Object, Place> kept) {
    this.kept = kept;
  }

  /** Returns a place before a page. */
  Place before(Reader reader, LongList list, Page.Request page) {
    long offset = page.offset();
    if (offset < LongLists.EXACT_MAX) {
      return START;
    }
    Place known = known(reader, list, offset);
    return offset - known.rows < STEP ? known : find(reader, list, offset / STEP, known);
  }

  private Place known(Reader reader, LongList list, long offset) {
    long last = offset / STEP;
    for (long step = last; step > Math.max(0, last - PLACES_MAX); step--) {
      Place place = kept.getIfPresent(new Key(list.key(), step));
      if (place != null) {
        long added = added(reader, list, place);
        if (added < STEP && place.rows + added <= offset) {
          return new Place(place.rows + added, place.id, place.newestId);
        }
      }
    }
    return START;
  }

  /**
   * How many rows were added before a place, counted up to {@link #STEP}. PostgreSQL, which does
   * not know that they are few, would look for them in all rows if they had no order.
   */
  private static long added(Reader reader, LongList list, Place place) {
    return list.newestFirst()
        ? list.statement("SELECT COUNT(*) AS added FROM (SELECT id ")
            .add(list.ids())
            .add(" WHERE id > ")
            .add(place.newestId)
            .add(" ORDER BY id LIMIT " + STEP + ") AS newer")
            .read(reader)
            .row(0)
            .number("added")
        : 0;
  }

  private Place find(Reader reader, LongList list, long step, Place known) {
    long newestId = list.newestFirst() ? id(list, reader, START, 0) : 0;
    long rows = step * STEP;
    long id = id(list, reader, known, rows - known.rows - 1);
    if (id == 0) {
      return known;
    }
    var found = new Place(rows, id, newestId);
    kept.put(new Key(list.key(), step), found);
    return found;
  }

  /** The id of the row so many rows after the one that follows a place; 0 if there is none. */
  private static long id(LongList list, Reader reader, Place place, long skipped) {
    return after(list, list.statement("SELECT id "), place)
        .add(" LIMIT 1 OFFSET ")
        .add(skipped)
        .read(reader)
        .first(row -> row.number("id"))
        .orElse(0L);
  }

  /** Adds the ids after a place. */
  static LongList.Statement after(LongList list, LongList.Statement statement, Place place) {
    statement.add(list.ids());
    if (place.id != null) {
      statement.add(list.newestFirst() ? " WHERE id < " : " WHERE id > ").add(place.id);
    }
    return statement.add(list.ordered("id"));
  }
}
