package dev.rookery.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.console.MovePlanner.Transfer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class MovePlannerTest {
  private static final int MAX = 100;

  @Test
  void evensOutEachKindByItself() {
    var planner =
        new MovePlanner(
            Map.of("match", Map.of(1L, 6L), "duty", Map.of(1L, 1L, 2L, 5L)), Set.of(1L, 2L, 3L));

    List<Transfer> transfers = planner.balance(MAX);

    assertThat(left("match", Map.of(1L, 6L), transfers)).containsExactly(2, 2, 2);
    assertThat(left("duty", Map.of(1L, 1L, 2L, 5L), transfers)).containsExactly(2, 2, 2);
    assertThat(transfers).hasSize(7);
  }

  @Test
  void movesNothingThatIsBalancedOrAlone() {
    assertThat(
            new MovePlanner(
                    Map.of("match", Map.of(1L, 2L, 2L, 3L), "keyspace", Map.of(1L, 1L)),
                    Set.of(1L, 2L))
                .balance(MAX))
        .isEmpty();
    assertThat(new MovePlanner(Map.of("match", Map.of(1L, 9L)), Set.of(1L)).balance(MAX)).isEmpty();
    assertThat(new MovePlanner(Map.of("match", Map.of(1L, 9L)), Set.of(1L)).share(1, MAX))
        .isEmpty();
  }

  @Test
  void sharesOverTheOthersNoMoreThanAsked() {
    var planner = new MovePlanner(Map.of("match", Map.of(1L, 9L, 2L, 1L)), Set.of(1L, 2L, 3L));

    assertThat(planner.share(1, 3)).extracting(Transfer::to).containsExactlyInAnyOrder(3L, 2L, 3L);
    assertThat(new MovePlanner(Map.of("match", Map.of(1L, 9L)), Set.of(2L)).share(1, MAX))
        .as("a node that drains itself is no target, but shares")
        .hasSize(9);
    assertThat(new MovePlanner(Map.of("match", Map.of(1L, 90L)), Set.of(1L, 2L)).balance(5))
        .hasSize(5);
  }

  private static List<Integer> left(String kind, Map<Long, Long> before, List<Transfer> transfers) {
    var counts = new int[4];
    before.forEach((run, count) -> counts[run.intValue()] = count.intValue());
    for (Transfer transfer : transfers) {
      if (transfer.kind().equals(kind)) {
        counts[(int) transfer.from()]--;
        counts[(int) transfer.to()]++;
      }
    }
    return List.of(counts[1], counts[2], counts[3]);
  }
}
