package dev.rookery.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class OrphanShareTest {
  private static List<String> leases(int count) {
    return IntStream.range(0, count).mapToObj("match/%04d"::formatted).toList();
  }

  @Test
  void aNodeAloneTriesEverythingAtOnce() {
    var share = new OrphanShare(7, 1);
    assertThat(share.next(leases(500))).containsExactlyInAnyOrderElementsOf(leases(500));
    assertThat(share.next(leases(500))).isEmpty();
  }

  @Test
  void nodesBeginAtDifferentPlaces() {
    var first = new HashSet<String>();
    for (int run = 101; run <= 110; run++) {
      first.addAll(new OrphanShare(run, 10).next(leases(1_000)));
    }
    // Each of ten takes a tenth; chosen at random they would find two thirds.
    assertThat(first).hasSizeGreaterThan(800);
  }

  @Test
  void triesEachLeaseOnceAlsoIfNobodyTakesIt() {
    var share = new OrphanShare(3, 67);
    var tried = new ArrayList<String>();
    int lists = 1;
    for (List<String> next = share.next(leases(1_000));
        !next.isEmpty();
        next = share.next(leases(1_000))) {
      tried.addAll(next);
      lists++;
    }
    assertThat(tried).containsExactlyInAnyOrderElementsOf(leases(1_000));
    assertThat(lists).isLessThan(10);
  }

  @Test
  void triesOnlyWhatIsLeft() {
    var share = new OrphanShare(3, 4);
    List<String> first = share.next(leases(100));
    assertThat(first).hasSize(25);
    List<String> left = leases(100).subList(90, 100);
    assertThat(left).containsAll(share.next(left)).isNotEmpty();
  }

  @Test
  void takesMoreThanOneListHolds() {
    var share = new OrphanShare(3, 1);
    List<String> all = leases(2_500);
    assertThat(share.next(all.subList(0, 1_000))).hasSize(1_000);
    assertThat(share.next(all.subList(1_000, 2_000))).hasSize(1_000);
    assertThat(share.next(all.subList(2_000, 2_500))).hasSize(500);
    assertThat(share.next(List.of())).isEmpty();
  }
}
