package dev.rookery.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.Page;
import dev.rookery.testkit.NumberedRows;
import dev.rookery.testkit.TestStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Totals of long lists, on both databases. */
final class ListTotalsTest {
  private static final String STORES = "dev.rookery.testkit.Databases#all";
  private static final String ALL = "FROM player";
  private static final String ODD = "FROM player WHERE created_ms % 2 = $1";

  @ParameterizedTest
  @MethodSource(STORES)
  void countsShortListsEachTime(TestStore store) {
    var totals = new ListTotals(store.clock());
    add(store, 1, ListTotals.EXACT_MAX - 1);
    assertThat(totals.count(store.database(), "all", ALL)).isEqualTo(ListTotals.EXACT_MAX - 1);

    add(store, ListTotals.EXACT_MAX, ListTotals.EXACT_MAX);

    assertThat(totals.count(store.database(), "all", ALL)).isEqualTo(ListTotals.EXACT_MAX);
    assertThat(totals.count(store.database(), "odd", ODD, 1L)).isEqualTo(ListTotals.EXACT_MAX / 2);
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void countsLongListsOnceAMinute(TestStore store) {
    var totals = new ListTotals(store.clock());
    long many = ListTotals.EXACT_MAX + 5;
    add(store, 1, many);
    assertThat(totals.count(store.database(), "all", ALL)).isEqualTo(many);

    add(store, many + 1, many + 1);

    assertThat(totals.count(store.database(), "all", ALL)).isEqualTo(many);
    assertThat(totals.count(store.database(), "others", ALL)).isEqualTo(many + 1);
    store.clock().advance(ListTotals.KEPT_FOR);
    assertThat(totals.count(store.database(), "all", ALL)).isEqualTo(many + 1);
  }

  @Test
  void looksForPagesBehindATotalThatMayBeOld() {
    assertThat(ListTotals.isBehind(new Page.Request(3, 10), 20)).isTrue();
    assertThat(ListTotals.isBehind(new Page.Request(2, 10), 11)).isFalse();
    assertThat(ListTotals.isBehind(new Page.Request(2_000, 10), 10_001)).isFalse();
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
