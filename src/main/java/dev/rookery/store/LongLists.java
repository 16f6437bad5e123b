package dev.rookery.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.rookery.base.Page;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The totals and the pages of long lists. Up to {@value #EXACT_MAX} rows are counted each time. Of
 * a longer list all rows are counted at most once in {@link #KEPT_FOR}, and the total is that of
 * the last count: otherwise each page of a list of a million rows would cost a look at all of them.
 * Thread-safe.
 */
public final class LongLists {
  /** Totals above it may be as old as {@link #KEPT_FOR}. */
  public static final int EXACT_MAX = 10_000;

  public static final Duration KEPT_FOR = Duration.ofMinutes(1);

  private static final int LISTS_MAX = 1_000;

  private final Cache<Object, Long> kept;
  private final ListPlaces places;

  public LongLists(InstantSource clock) {
    kept = cache(clock, LISTS_MAX);
    places = new ListPlaces(cache(clock, ListPlaces.PLACES_MAX));
  }

  private static <T> Cache<Object, T> cache(InstantSource clock, int max) {
    return Caffeine.newBuilder()
        .executor(Runnable::run)
        .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
        .maximumSize(max)
        .expireAfterWrite(KEPT_FOR)
        .build();
  }

  /**
   * Returns the total of a list.
   *
   * @param list tells it from other lists with the same totals: what it is filtered by
   * @param matching its statement from {@code FROM} on, without an order
   */
  public long count(Reader reader, Object list, String matching, @Nullable Object... values) {
    Long known = kept.getIfPresent(list);
    if (known != null) {
      return known;
    }
    long some =
        read(
            reader,
            " FROM (SELECT 1 AS one " + matching + " LIMIT " + (EXACT_MAX + 1) + ") AS counted",
            values);
    if (some <= EXACT_MAX) {
      return some;
    }
    long all = read(reader, " " + matching, values);
    kept.put(list, all);
    return all;
  }

  private static long read(Reader reader, String counted, @Nullable Object... values) {
    return reader.read("SELECT COUNT(*) AS total" + counted, values).row(0).number("total");
  }

  /**
   * Returns a page of a list and its total.
   *
   * @param select the statement that reads the rows of a page, up to the name of their table
   */
  public <T> Page<T> page(
      Reader reader, LongList list, String select, Page.Request page, Function<Row, T> item) {
    long total = count(reader, list.key(), list.matching(), list.values().toArray());
    List<T> items = isBehind(page, total) ? List.of() : rows(reader, list, select, page).all(item);
    return new Page<>(items, page.number(), page.size(), total);
  }

  /** Reads the rows of a page. Those before it are skipped by their ids alone. */
  public Rows rows(Reader reader, LongList list, String select, Page.Request page) {
    var from = places.before(reader, list, page);
    var statement = list.statement(select).add(" WHERE " + list.id() + " IN (SELECT id ");
    return ListPlaces.after(list, statement, from)
        .add(" LIMIT ")
        .add(page.size())
        .add(" OFFSET ")
        .add(page.offset() - from.rows())
        .add(")" + list.ordered(list.id()))
        .read(reader);
  }

  /**
   * Whether a page is behind the last one, so that its rows need not be looked for. A total that
   * may be old has not doubled since.
   */
  public static boolean isBehind(Page.Request page, long total) {
    return page.offset() >= (total <= EXACT_MAX ? total : 2 * total);
  }
}
