package dev.rookery.leaderboard;

import dev.rookery.base.Page;
import dev.rookery.cache.Caches;
import dev.rookery.cache.ChangeFeed;
import dev.rookery.cache.ReadCache;
import dev.rookery.leaderboard.LeaderboardQuery.Filter;
import dev.rookery.leaderboard.LeaderboardQuery.ListBoards;
import dev.rookery.leaderboard.LeaderboardQuery.ListOrder;
import dev.rookery.store.Database;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * The lists of boards. The database counts and sorts all boards for each page, while boards change
 * rarely, so pages are cached until a board is created, changed or deleted. The end of a season is
 * no change: a page that depends on it is read again at the next end.
 *
 * <p>Lists by slug or by times are not cached, since clients choose these values freely.
 */
final class BoardLists {
  private static final long PAGE_BYTES = 128;
  private static final long BOARD_BYTES = 512;

  private final Database database;
  private final BoardStore store;
  private final InstantSource clock;
  private final ReadCache<Key, Listed> cache;

  private record Key(@Nullable Boolean active, ListOrder order, Page.Request page) {}

  /**
   * A page as it was read.
   *
   * @param endsMs when the season of a board ends next
   */
  private record Listed(Page<Board> page, long endsMs) {
    long bytes() {
      long bytes = PAGE_BYTES;
      for (Board board : page.items()) {
        String description = board.description();
        bytes +=
            BOARD_BYTES
                + 2L * (board.title().length() + (description == null ? 0 : description.length()))
                + 4L * board.metadata().toString().length();
      }
      return bytes;
    }
  }

  BoardLists(Database database, BoardStore store, InstantSource clock, Caches caches) {
    this.database = database;
    this.store = store;
    this.clock = clock;
    this.cache = caches.cache("boards", Listed::bytes, null);
  }

  void follow(ChangeFeed feed) {
    cache.follow(feed, LeaderboardEvent.LISTS, _ -> null);
  }

  /** Drops all pages, after a change by this node and before it is acknowledged. */
  void forget() {
    cache.clear();
  }

  Page<Board> list(ListBoards query) {
    Filter filter = query.filter();
    long nowMs = clock.millis();
    if (!new Filter(null, filter.active(), null, null, null, null).equals(filter)) {
      return store.list(database, filter, query.order(), nowMs, query.page());
    }
    var key = new Key(filter.active(), query.order(), query.page());
    Listed listed = cache.get(key, () -> read(query, nowMs));
    if (listed.endsMs <= nowMs) {
      cache.invalidate(key);
      listed = cache.get(key, () -> read(query, nowMs));
    }
    return listed.page;
  }

  private Listed read(ListBoards query, long nowMs) {
    long endsMs =
        query.filter().active() == null ? Long.MAX_VALUE : store.nextEndMs(database, nowMs);
    return new Listed(
        store.list(database, query.filter(), query.order(), nowMs, query.page()), endsMs);
  }
}
