package dev.rookery.leaderboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.leaderboard.Board.SortOrder;
import dev.rookery.leaderboard.LeaderboardEvent.Standing;
import dev.rookery.leaderboard.RankIndex.Entry;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Compares the index with a plain list that is sorted again after each change. */
final class RankIndexTest {
  @Property(tries = 60)
  void ranksAsASortedListDoes(
      @ForAll long seed,
      @ForAll SortOrder order,
      @ForAll boolean subscores,
      @ForAll @IntRange(min = 0, max = 2_000) int loaded,
      @ForAll @IntRange(min = 1, max = 2_000) int changes,
      @ForAll @IntRange(min = 1, max = 10_000) int spread) {
    var random = new Random(seed);
    var model = new HashMap<Long, Standing>();
    var index = new RankIndex(order);
    for (int i = 0; i < loaded; i++) {
      Standing standing = standing(random, model, 1 + random.nextInt(2_000), subscores, spread);
      index.load(standing);
    }
    index.sort();
    for (int i = 0; i < changes; i++) {
      long record = 1 + random.nextInt(2_500);
      if (random.nextInt(4) == 0) {
        model.remove(record);
        index.remove(record);
      } else {
        index.put(standing(random, model, record, subscores, spread));
      }
    }

    List<Standing> sorted = sorted(model, order);
    assertThat(index.size()).isEqualTo(sorted.size());
    assertThat(index.from(1, Integer.MAX_VALUE)).isEqualTo(entries(sorted, 1));
    for (int i = 0; i < 20 && !sorted.isEmpty(); i++) {
      int place = random.nextInt(sorted.size());
      assertThat(index.from(place + 1L, 11))
          .isEqualTo(
              entries(sorted.subList(place, Math.min(place + 11, sorted.size())), place + 1L));
      Standing one = sorted.get(place);
      if (one.player() != 0) {
        assertThat(index.ofPlayer(one.player())).isEqualTo(entry(place + 1L, one));
      }
    }
    assertThat(index.from(sorted.size() + 1L, 10)).isEmpty();
    assertThat(index.ofPlayer(1_000_000)).isNull();
    assertThat(index.ofPlayer(0)).as("labels are no player").isNull();
  }

  @Test
  void ignoresEarlierRevisions() {
    var index = new RankIndex(SortOrder.DESC);
    index.load(new Standing(1, 7, 10, 0, 3));
    index.sort();
    index.put(new Standing(1, 7, 99, 0, 2));
    index.put(new Standing(1, 7, 98, 0, 3));
    assertThat(index.ofPlayer(7)).isEqualTo(new Entry(1, 1, 7, 10, 0, 3));
    index.put(new Standing(1, 7, 12, 0, 4));
    assertThat(index.ofPlayer(7)).isEqualTo(new Entry(1, 1, 7, 12, 0, 4));
  }

  @Test
  void ordersTheSmallestAndTheLargestScore() {
    for (SortOrder order : SortOrder.values()) {
      var index = new RankIndex(order);
      index.sort();
      index.put(new Standing(1, 1, Long.MIN_VALUE, Long.MAX_VALUE, 1));
      index.put(new Standing(2, 2, Long.MAX_VALUE, Long.MIN_VALUE, 1));
      index.put(new Standing(3, 3, 0, 0, 1));
      long best = order == SortOrder.DESC ? 2 : 1;
      assertThat(index.from(1, 1).getFirst().record()).isEqualTo(best);
      assertThat(index.from(2, 1).getFirst().score()).isZero();
    }
  }

  @Test
  void takesLessThan64BytesARecord() {
    var random = new Random(1);
    var index = new RankIndex(SortOrder.DESC);
    int records = 300_000;
    for (int i = 1; i <= records; i++) {
      index.load(new Standing(i, i, random.nextInt(1_000_000), 0, 1));
    }
    index.sort();
    assertThat(index.bytes() / records).isLessThan(64);
  }

  private static Standing standing(
      Random random, Map<Long, Standing> model, long record, boolean subscores, int spread) {
    Standing before = model.get(record);
    var standing =
        new Standing(
            record,
            record % 10 == 0 ? 0 : record + 50_000,
            random.nextInt(spread) - spread / 2L,
            subscores ? random.nextInt(3) - 1 : 0,
            before == null ? 1 : before.revision() + 1);
    model.put(record, standing);
    return standing;
  }

  private static List<Standing> sorted(Map<Long, Standing> model, SortOrder order) {
    Comparator<Standing> byScore =
        Comparator.comparingLong(Standing::score).thenComparingLong(Standing::subscore);
    return model.values().stream()
        .sorted(
            (order == SortOrder.ASC ? byScore : byScore.reversed())
                .thenComparingLong(Standing::record))
        .toList();
  }

  private static List<Entry> entries(List<Standing> sorted, long firstRank) {
    var entries = new java.util.ArrayList<Entry>();
    for (Standing one : sorted) {
      entries.add(entry(firstRank + entries.size(), one));
    }
    return entries;
  }

  private static Entry entry(long rank, Standing one) {
    return new Entry(
        rank, one.record(), one.player(), one.score(), one.subscore(), (int) one.revision());
  }
}
