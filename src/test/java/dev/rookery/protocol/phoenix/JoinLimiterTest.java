package dev.rookery.protocol.phoenix;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/** Who is let in when many come at once. */
final class JoinLimiterTest {
  private static final int MAX = JoinLimiter.CONCURRENT_MAX;

  private final LongAdder waiting = new LongAdder();
  private final JoinLimiter doorway = new JoinLimiter(waiting);
  private final List<Promise<Void>> begun = new ArrayList<>();
  private final List<Integer> order = new ArrayList<>();
  private final Set<Integer> gone = new TreeSet<>();
  private final List<Integer> sentAway = new ArrayList<>();

  @Test
  void whoComesWhenManyAreEnteringWaitsForHisTurn() {
    comeUpTo(MAX + 3);
    assertThat(begun).hasSize(MAX);
    assertThat(waiting.sum()).isEqualTo(3);

    begun.get(5).complete();
    assertThat(order).hasSize(MAX + 1).endsWith(MAX);
    begun.get(0).fail("refused");
    begun.get(MAX).complete();
    assertThat(order).hasSize(MAX + 3).endsWith(MAX, MAX + 1, MAX + 2);
    assertThat(waiting.sum()).isZero();
  }

  @Test
  void whoGaveUpWhileHeWaitedCostsNothing() {
    comeUpTo(MAX + 10);
    for (int i = MAX; i < MAX + 9; i++) {
      gone.add(i);
    }
    begun.getFirst().complete();

    assertThat(order).hasSize(MAX + 1).endsWith(MAX + 9);
    assertThat(sentAway).containsExactlyElementsOf(gone);
  }

  @Test
  void whoIsHalfInGoesBeforeThoseWhoHaveJustCome() {
    comeUpTo(MAX + 2);
    come(true, -1);
    come(true, -2);
    List.copyOf(begun.subList(0, 3)).forEach(Promise::complete);
    assertThat(order).endsWith(-1, -2, MAX);
  }

  @Test
  void whereThereIsRoomAgainNobodyWaits() {
    comeUpTo(MAX);
    begun.forEach(Promise::complete);
    comeUpTo(MAX);
    assertThat(begun).hasSize(2 * MAX);
  }

  @Test
  void thousandsWhoAreRefusedAtOnceAreAllCalled() {
    comeUpTo(MAX);
    for (int i = 0; i < 100_000; i++) {
      doorway.submit(false, () -> true, () -> Future.failedFuture("refused"), () -> {});
    }
    comeUpTo(1);
    begun.getFirst().complete();
    assertThat(begun).hasSize(MAX + 1);
  }

  private void comeUpTo(int many) {
    for (int i = 0; i < many; i++) {
      come(false, i);
    }
  }

  private void come(boolean half, int number) {
    doorway.submit(
        half,
        () -> !gone.contains(number),
        () -> {
          order.add(number);
          begun.add(Promise.promise());
          return begun.getLast().future();
        },
        () -> sentAway.add(number));
  }
}
