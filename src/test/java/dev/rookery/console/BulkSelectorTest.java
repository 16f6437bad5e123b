package dev.rookery.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.PlayerId;
import dev.rookery.bus.Done;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.TestBus;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

/** Which rows of a list are in a job, while the list changes. */
final class BulkSelectorTest {
  private final List<Long> rows = new CopyOnWriteArrayList<>();
  private final AtomicReference<String> end = new AtomicReference<>("");

  private Object serve(BulkCommand<?> command) {
    return switch (command) {
      case BulkCommand.Select select ->
          new BulkJob(
              1,
              select.admin(),
              select.list(),
              select.action(),
              "",
              Map.of(),
              "",
              BulkJob.State.SELECTING,
              "",
              new BulkJob.Counts(0, 0, 0, 0),
              0,
              0,
              0);
      case BulkCommand.AddRows(_, var added) -> {
        rows.addAll(added);
        yield Done.DONE;
      }
      case BulkCommand.FinishSelection _ -> {
        end.set("finished");
        yield Done.DONE;
      }
      case BulkCommand.StopSelection(_, var problem) -> {
        end.set(problem);
        yield Done.DONE;
      }
      default -> throw new AssertionError(command);
    };
  }

  private void select(TestBus bus, ListSelection.Rows<Long> list) {
    TestBus.await(bus.bus().<BulkCommand<?>>serve(BulkCommand.ADDRESS, this::serve));
    var select = new BulkCommand.Select(new PlayerId(1), "/admin/users", "users.ban", "");
    TestBus.await(new BulkSelector().select(bus.bus(), () -> bus.bus().ask(select), list));
    Eventually.holds(() -> !end.get().isEmpty());
  }

  private static ListSelection.Rows<Long> list(LongFunction<List<Long>> after) {
    return new ListSelection.Rows<>(
        (last, _) -> Future.succeededFuture(after.apply(last == null ? 0 : last)),
        row -> row,
        List.of(),
        _ -> Map.of());
  }

  @Test
  void takesARowOnceThatMovesInTheList() {
    try (var bus = new TestBus()) {
      select(
          bus,
          list(
              last ->
                  switch ((int) last) {
                    case 0 -> List.of(1L, 2L, 3L);
                    case 3 -> List.of(2L, 4L);
                    default -> List.of();
                  }));
      assertThat(rows).containsExactly(1L, 2L, 3L, 4L);
      assertThat(end.get()).isEqualTo("finished");
    }
  }

  @Test
  void endsWhereRowsMoveAheadForEver() {
    try (var bus = new TestBus()) {
      select(bus, list(_ -> List.of(1L, 2L)));
      assertThat(rows).containsExactly(1L, 2L);
      assertThat(end.get()).isEqualTo("job_too_large");
    }
  }
}
