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

/** Which joins run when many clients join at once. */
final class JoinLimiterTest {
  private static final int MAX = JoinLimiter.CONCURRENT_MAX;

  private final LongAdder waiting = new LongAdder();
  private final JoinLimiter limiter = new JoinLimiter(waiting);
  private final List<Promise<Void>> started = new ArrayList<>();
  private final List<Integer> order = new ArrayList<>();
  private final Set<Integer> abandoned = new TreeSet<>();
  private final List<Integer> skipped = new ArrayList<>();
  private int refused;

  @Test
  void joinsOverTheLimitWaitInOrder() {
    submitAll(MAX + 3);
    assertThat(started).hasSize(MAX);
    assertThat(waiting.sum()).isEqualTo(3);

    started.get(5).complete();
    assertThat(order).hasSize(MAX + 1).endsWith(MAX);
    started.get(0).fail("refused");
    started.get(MAX).complete();
    assertThat(order).hasSize(MAX + 3).endsWith(MAX, MAX + 1, MAX + 2);
    assertThat(waiting.sum()).isZero();
  }

  @Test
  void abandonedJoinsAreSkipped() {
    submitAll(MAX + 10);
    for (int i = MAX; i < MAX + 9; i++) {
      abandoned.add(i);
    }
    started.getFirst().complete();

    assertThat(order).hasSize(MAX + 1).endsWith(MAX + 9);
    assertThat(skipped).containsExactlyElementsOf(abandoned);
  }

  @Test
  void partiallyJoinedClientsComeFirst() {
    submitAll(MAX + 2);
    submit(true, -1);
    submit(true, -2);
    List.copyOf(started.subList(0, 3)).forEach(Promise::complete);
    assertThat(order).endsWith(-1, -2, MAX);
  }

  @Test
  void joinsStartAtOnceBelowTheLimit() {
    submitAll(MAX);
    started.forEach(Promise::complete);
    submitAll(MAX);
    assertThat(started).hasSize(2 * MAX);
  }

  @Test
  void manyJoinsThatFailSynchronouslyAreAllRun() {
    submitAll(MAX);
    for (int i = 0; i < JoinLimiter.WAITING_MAX - 1; i++) {
      limiter.submit(
          false, true, () -> true, () -> Future.failedFuture("refused"), () -> {}, () -> {});
    }
    submitAll(1);
    started.getFirst().complete();
    assertThat(started).hasSize(MAX + 1);
  }

  @Test
  void joinsAreRefusedWhenTooManyWait() {
    submitAll(MAX + JoinLimiter.WAITING_MAX + 3);
    assertThat(refused).isEqualTo(3);
    assertThat(waiting.sum()).isEqualTo(JoinLimiter.WAITING_MAX);
  }

  @Test
  void strangersLeaveTheQueueToPlayers() {
    submitAll(MAX);
    for (int i = 0; i < JoinLimiter.STRANGERS_MAX + 5; i++) {
      submit(false, false, i);
    }
    assertThat(refused).isEqualTo(5);
    submitAll(10);
    assertThat(refused).isEqualTo(5);
    started.getFirst().complete();
    submit(false, false, 0);
    assertThat(refused).isEqualTo(5);
  }

  private void submitAll(int count) {
    for (int i = 0; i < count; i++) {
      submit(false, i);
    }
  }

  private void submit(boolean preferred, int number) {
    submit(preferred, true, number);
  }

  private void submit(boolean preferred, boolean signedIn, int number) {
    limiter.submit(
        preferred,
        signedIn,
        () -> !abandoned.contains(number),
        () -> {
          order.add(number);
          started.add(Promise.promise());
          return started.getLast().future();
        },
        () -> skipped.add(number),
        () -> refused++);
  }
}
