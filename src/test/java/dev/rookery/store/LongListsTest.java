package dev.rookery.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.Page;
import dev.rookery.testkit.NumberedRows;
import dev.rookery.testkit.RecordingDatabase;
import dev.rookery.testkit.TestStore;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Totals and pages of long lists, on both databases. */
final class LongListsTest {
  private static final String STORES = "dev.rookery.testkit.Databases#all";
  private static final String ALL = "FROM player";
  private static final int SIZE = 25;
  private static final LongList NEWEST_FIRST = new LongList("new", "id", true, ALL, List.of());
  private static final LongList OLDEST_FIRST = new LongList("old", "id", false, ALL, List.of());
  private static final String ODD = "FROM player WHERE created_ms % 2 = $1";

  @ParameterizedTest
  @MethodSource(STORES)
  void countsShortListsEachTime(TestStore store) {
    var longLists = new LongLists(store.clock());
    add(store, 1, LongLists.EXACT_MAX - 1);
    assertThat(longLists.count(store.database(), "all", ALL)).isEqualTo(LongLists.EXACT_MAX - 1);

    add(store, LongLists.EXACT_MAX, LongLists.EXACT_MAX);

    assertThat(longLists.count(store.database(), "all", ALL)).isEqualTo(LongLists.EXACT_MAX);
    assertThat(longLists.count(store.database(), "odd", ODD, 1L))
        .isEqualTo(LongLists.EXACT_MAX / 2);
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void countsLongListsOnceAMinute(TestStore store) {
    var longLists = new LongLists(store.clock());
    long many = LongLists.EXACT_MAX + 5;
    add(store, 1, many);
    assertThat(longLists.count(store.database(), "all", ALL)).isEqualTo(many);

    add(store, many + 1, many + 1);

    assertThat(longLists.count(store.database(), "all", ALL)).isEqualTo(many);
    assertThat(longLists.count(store.database(), "others", ALL)).isEqualTo(many + 1);
    store.clock().advance(LongLists.KEPT_FOR);
    assertThat(longLists.count(store.database(), "all", ALL)).isEqualTo(many + 1);
  }

  @Test
  void looksForPagesBehindATotalThatMayBeOld() {
    assertThat(LongLists.isBehind(new Page.Request(3, 10), 20)).isTrue();
    assertThat(LongLists.isBehind(new Page.Request(2, 10), 11)).isFalse();
    assertThat(LongLists.isBehind(new Page.Request(2_000, 10), 10_001)).isFalse();
    assertThat(LongLists.isBehind(new Page.Request(3_000, 10), 10_001)).isTrue();
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void readsFarPagesFromAPlaceNearby(TestStore store) {
    var database = new RecordingDatabase(store.database());
    var longLists = new LongLists(store.clock());
    add(store, 1, 25_000);

    assertThat(ids(longLists, database, NEWEST_FIRST, 700)).isEqualTo(descending(7_525));
    assertThat(skipped(database)).isLessThan(ListPlaces.STEP);
    assertThat(ids(longLists, database, NEWEST_FIRST, 701)).isEqualTo(descending(7_500));
    assertThat(skipped(database)).isLessThan(ListPlaces.STEP);
    assertThat(ids(longLists, database, OLDEST_FIRST, 700)).isEqualTo(ascending(17_476));
    assertThat(ids(longLists, database, OLDEST_FIRST, 999)).isEqualTo(ascending(24_951));
    assertThat(ids(longLists, database, OLDEST_FIRST, 1_001)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void skipsNoRowOfFarPagesWhileOthersComeAndGo(TestStore store) {
    var longLists = new LongLists(store.clock());
    add(store, 1, 25_000);
    assertThat(ids(longLists, store.database(), NEWEST_FIRST, 602)).isEqualTo(descending(9_975));

    add(store, 25_001, 25_010);

    assertThat(ids(longLists, store.database(), NEWEST_FIRST, 602)).isEqualTo(descending(9_985));
    store.database().write(tx -> tx.run("DELETE FROM player WHERE id > 24000 AND id <= 24007"));
    assertThat(ids(longLists, store.database(), NEWEST_FIRST, 603)).isEqualTo(descending(9_960));
    store.clock().advance(LongLists.KEPT_FOR);
    assertThat(ids(longLists, store.database(), NEWEST_FIRST, 603)).isEqualTo(descending(9_953));
  }

  private static List<Long> ids(LongLists longLists, Reader reader, LongList list, int page) {
    return longLists
        .rows(reader, list, "SELECT id FROM player", new Page.Request(page, SIZE))
        .all(row -> row.number("id"));
  }

  private static List<Long> descending(long first) {
    return LongStream.range(0, SIZE).mapToObj(n -> first - n).toList();
  }

  private static List<Long> ascending(long first) {
    return LongStream.range(0, SIZE).mapToObj(n -> first + n).toList();
  }

  /** How many rows the last statement skipped. */
  private static long skipped(RecordingDatabase database) {
    @Nullable Object[] values = database.take().getLast().values();
    return ((Number) Objects.requireNonNull(values[values.length - 1])).longValue();
  }

  private static void add(TestStore store, long first, long last) {
    NumberedRows.insert(
        store.database(),
        first,
        last,
        """
        INSERT INTO player (uuid, display_name, name_key, created_ms, updated_ms)
        SELECT 'uuid ' || n, 'Player ' || n, 'player ' || n, n, n FROM number
        """);
  }
}
