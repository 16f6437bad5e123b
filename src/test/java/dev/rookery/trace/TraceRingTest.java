package dev.rookery.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.ManualClock;
import dev.rookery.trace.Span.Kind;
import dev.rookery.trace.Span.Outcome;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class TraceRingTest {
  private static final TraceFilter SLOWEST = new TraceFilter("", "", false, 0, true);

  private final ManualClock clock = new ManualClock();
  private final TraceRing ring = new TraceRing(clock);
  private int added;

  @Test
  void keepsTheSlowestOfAnOperationAndTheLatestOfTheOthers() {
    IntStream.rangeClosed(1, 1_000).forEach(i -> add("GET /a", i == 1 ? 5_000_000 : i));
    IntStream.rangeClosed(1, 20).forEach(_ -> add("GET /b", 7));

    assertThat(ring.find(SLOWEST, 1).getFirst().micros()).isEqualTo(5_000_000);
    assertThat(ring.size()).isEqualTo(TraceRing.LATEST_MAX + 2 * TraceRing.SLOWEST_MAX);
    assertThat(ring.operations())
        .filteredOn(one -> one.operation().equals("GET /b"))
        .containsExactly(new OperationSummary("GET /b", 20, 0, 7, 7, 20));
  }

  @Test
  void forgetsWhatWasSlowLongAgo() {
    add("GET /a", 5_000_000);
    clock.advance(TraceRing.SLOWEST_FOR.plusSeconds(1));
    add("GET /a", 3);

    assertThat(ring.find(SLOWEST, 10)).extracting(Trace::micros).containsExactly(3L);
  }

  @Test
  void keepsFailuresApartFromAllOthers() {
    ring.add(trace("GET /a", 1, Outcome.FAILED, true, 1));
    IntStream.rangeClosed(1, 5_000).forEach(_ -> add("GET /a", 100));

    var failed = new TraceFilter("", "", true, 0, false);
    assertThat(ring.find(failed, 10)).hasSize(1);
    IntStream.rangeClosed(1, 600)
        .forEach(_ -> ring.add(trace("GET /a", 1, Outcome.FAILED, true, 1)));
    assertThat(ring.find(failed, 1_000)).hasSize(TraceRing.FAILED_MAX);
  }

  @Test
  void keepsNoMoreThanItsBounds() {
    for (int operation = 0; operation < 3 * TraceRing.OPERATIONS_MAX; operation++) {
      for (int i = 0; i < 2 * TraceRing.SLOWEST_MAX; i++) {
        add("GET /" + operation, i);
        ring.add(trace("GET /" + operation, i, Outcome.FAILED, true, 1));
      }
    }

    assertThat(ring.operations()).hasSize(TraceRing.OPERATIONS_MAX);
    assertThat(ring.size()).isEqualTo(TraceRing.TRACES_MAX);
  }

  @Test
  void removesTheLatestFirstWhereMemoryIsShort() {
    var small = new TraceRing(clock, 100_000);
    small.add(trace("GET /a", 9_000_000, Outcome.DONE, true, SpanList.SPANS_MAX));
    small.add(trace("GET /a", 1, Outcome.FAILED, true, SpanList.SPANS_MAX));
    for (int i = 0; i < 1_000; i++) {
      small.add(trace("GET /a", i, Outcome.DONE, true, SpanList.SPANS_MAX));
    }

    assertThat(small.size()).isLessThan(20);
    assertThat(small.find(SLOWEST, 1).getFirst().micros()).isEqualTo(9_000_000);
  }

  @Test
  void countsNothingThatWasNotSampled() {
    ring.add(trace("GET /a", 2_000_000, Outcome.DONE, false, 1));
    IntStream.rangeClosed(1, 100).forEach(i -> add("GET /a", i * 1_000));

    assertThat(ring.operations())
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.sampled()).isEqualTo(100);
              assertThat(one.p50Micros()).isEqualTo(50_000);
              assertThat(one.p99Micros()).isEqualTo(99_000);
            });
    assertThat(ring.find(SLOWEST, 1).getFirst().sampled()).isFalse();
  }

  @Test
  void findsTracesByRequestOperationAndTime() {
    IntStream.rangeClosed(1, 5).forEach(i -> add("GET /a", i * 1_000));
    add("GET /b", 2_500);

    assertThat(ids(new TraceFilter("GET /a", "", false, 3_000, true)))
        .isEqualTo("trace-5 trace-4 trace-3");
    assertThat(ids(new TraceFilter("", "request-6", false, 0, false))).isEqualTo("trace-6");
    assertThat(ring.find("trace-2").orElseThrow().micros()).isEqualTo(2_000);
    assertThat(ring.find("trace-9")).isEmpty();
  }

  private String ids(TraceFilter filter) {
    return ring.find(filter, 10).stream().map(Trace::id).collect(Collectors.joining(" "));
  }

  private void add(String operation, long micros) {
    clock.advance(Duration.ofMillis(1));
    ring.add(trace(operation, micros, Outcome.DONE, true, 1));
  }

  private Trace trace(String operation, long micros, Outcome outcome, boolean sampled, int parts) {
    added++;
    var part = new Trace.Part(Trace.NO_PARENT, Kind.REQUEST, operation, 0, 0, micros, outcome);
    return new Trace(
        "trace-" + added,
        "request-" + added,
        operation,
        clock.millis(),
        micros,
        outcome,
        sampled,
        IntStream.range(0, parts).mapToObj(_ -> part).toList(),
        0);
  }
}
