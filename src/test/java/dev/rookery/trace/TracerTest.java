package dev.rookery.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Command;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.ManualClock;
import dev.rookery.testkit.TestBus;
import dev.rookery.testkit.TestTraces;
import dev.rookery.trace.Span.Kind;
import dev.rookery.trace.Span.Outcome;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
final class TracerTest {
  private static final long SLOW_NANOS = Duration.ofSeconds(1).toNanos();

  private final ManualClock clock = new ManualClock();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final TraceRing ring = new TraceRing(clock);
  private final Tracer tracer = new Tracer(1, Duration.ofSeconds(1), ring, clock, meters);

  interface Step extends Command<Integer> {
    @Override
    default String address() {
      return "steps";
    }
  }

  /** Sends another command while it is carried out. */
  record Outer() implements Step {}

  record Inner() implements Step {}

  record Forbidden() implements Step {}

  private Bus bus;
  private ContextInternal context;

  @BeforeEach
  void serve(Vertx vertx) {
    var own = new TestBus(vertx);
    bus = own.bus();
    context = (ContextInternal) vertx.getOrCreateContext();
    own.deploy(
        new VerticleBase() {
          @Override
          public Future<?> start() {
            return bus.serve("steps", TracerTest.this::answer);
          }
        });
  }

  private Object answer(Step step) {
    return switch (step) {
      case Outer _ -> bus.ask(new Inner()).await();
      case Forbidden _ -> throw Refused.denied("forbidden");
      default -> 7;
    };
  }

  private void deliver(Runnable frame) {
    RunningTrace trace = tracer.beginFrame(TracerTest.class, context);
    assertThat(trace).isNotNull();
    context.runOnContext(_ -> trace.deliver(own -> own.dispatch(frame)));
  }

  private void request(String operation, Supplier<Future<?>> work) {
    context
        .duplicate()
        .runOnContext(
            _ -> {
              long start = System.nanoTime();
              RunningTrace trace = tracer.beginRequest("request", start);
              work.get()
                  .onComplete(
                      done ->
                          tracer.endRequest(
                              trace,
                              "request",
                              operation,
                              done.succeeded() ? 200 : 403,
                              start,
                              System.nanoTime()));
            });
  }

  private Trace onlyTrace() {
    Eventually.holds(() -> ring.size() > 0);
    assertThat(ring.size()).isEqualTo(1);
    return ring.find(TraceFilter.ALL, 10).getFirst();
  }

  @Test
  void followsARequestOverItsCommands() {
    request("GET /a", () -> bus.ask(new Outer()).compose(_ -> bus.ask(new Forbidden())));

    Trace trace = onlyTrace();
    assertThat(trace.operation()).isEqualTo("GET /a");
    assertThat(trace.requestId()).isEqualTo("request");
    assertThat(trace.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(trace.parts())
        .extracting(Trace.Part::name)
        .containsExactly("GET /a", "TracerTest.Outer", "TracerTest.Inner", "TracerTest.Forbidden");
    assertThat(trace.parts()).extracting(Trace.Part::parent).containsExactly(-1, 0, 1, 0);
    assertThat(trace.parts())
        .extracting(Trace.Part::outcome)
        .containsExactly(Outcome.REFUSED, Outcome.DONE, Outcome.DONE, Outcome.REFUSED);
    assertThat(trace.parts())
        .allMatch(part -> part.waitMicros() <= part.micros())
        .allMatch(part -> part.startMicros() + part.micros() <= trace.micros() + 1);
  }

  @Test
  void followsAFrameOverItsCommandsAndThoseThatFollowThem() {
    deliver(
        () -> {
          bus.ask(new Outer())
              .compose(_ -> bus.ask(new Inner()))
              .compose(_ -> bus.ask(new Inner()));
          bus.ask(new Forbidden());
        });

    Trace trace = onlyTrace();
    assertThat(trace.operation()).isEqualTo("TracerTest TracerTest.Outer");
    assertThat(trace.requestId()).isEmpty();
    assertThat(trace.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(trace.parts())
        .extracting(part -> part.kind() + " " + part.parent())
        .containsExactlyInAnyOrder(
            "FRAME -1", "COMMAND 0", "COMMAND 0", "COMMAND 1", "COMMAND 0", "COMMAND 0");
    assertThat(trace.parts()).extracting(Trace.Part::outcome).doesNotContain(Outcome.OPEN);
  }

  @Test
  void takesNoCommandOfOtherFramesOfTheSameTurn(Vertx vertx) {
    var traces = new TestTraces(vertx);
    traces.deliver(
        () -> bus.ask(new Inner()), () -> bus.ask(new Forbidden()), () -> bus.ask(new Outer()));

    assertThat(traces.only().parts())
        .extracting(Trace.Part::name)
        .containsExactly("TestTraces TracerTest.Inner", "TracerTest.Inner");
  }

  @Test
  void aFrameHasTheWorstOutcomeOfItsOwnCommands() {
    var trace = new SpanList(Kind.FRAME, "socket", System.nanoTime(), () -> {});
    Span call = trace.begin(0, Kind.EXTENSION, "extension.hello greet");
    assertThat(call).isNotNull();
    Span inner = call.begin(Kind.COMMAND, "Inner");
    assertThat(inner).isNotNull();
    inner.end(Outcome.FAILED);
    call.end(Outcome.REFUSED);

    SpanList.Ended ended = trace.end(null, null, System.nanoTime());
    assertThat(ended).isNotNull();
    assertThat(ended.outcome()).isEqualTo(Outcome.REFUSED);
  }

  @Test
  void addsWhatAnotherNodeDidInTheMiddleOfTheCall() {
    var trace = new SpanList(Kind.FRAME, "socket", System.nanoTime(), () -> {});
    Span call = trace.begin(0, Kind.REMOTE, "node-2 Act");
    assertThat(call).isNotNull();
    Eventually.pause(Duration.ofMillis(30));
    call.adopt(
        new RemoteSpans(
            List.of(
                part(Trace.NO_PARENT, Kind.REMOTE, 0, 10_000),
                part(0, Kind.WRITE, 1_000, 5_000),
                part(1, Kind.STATEMENT, 2_000, 3_000)),
            7));
    call.end(Outcome.DONE);

    SpanList.Ended ended = trace.end(null, null, System.nanoTime());
    assertThat(ended).isNotNull();
    assertThat(ended.leftOut()).isEqualTo(7);
    List<Trace.Part> parts = ended.parts();
    assertThat(parts).extracting(Trace.Part::parent).containsExactly(-1, 0, 1, 2);
    long begun = parts.get(1).startMicros() + parts.get(1).waitMicros();
    assertThat(parts.get(1).waitMicros()).isGreaterThanOrEqualTo(10_000);
    assertThat(parts.get(2).startMicros()).isBetween(begun + 999, begun + 1_001);
    assertThat(parts.get(3).startMicros()).isBetween(begun + 1_999, begun + 2_001);
    assertThat(parts.get(3).micros()).isEqualTo(3_000);
  }

  @Test
  void addsNoMoreOfAnotherNodeThanATraceMayHave() {
    var trace = new SpanList(Kind.FRAME, "socket", System.nanoTime(), () -> {});
    Span call = trace.begin(0, Kind.REMOTE, "node-2 Act");
    assertThat(call).isNotNull();
    var parts = new ArrayList<Trace.Part>();
    for (int i = 0; i < 100; i++) {
      parts.add(part(i - 1, Kind.STATEMENT, i, 100));
    }
    call.adopt(new RemoteSpans(parts, 0));

    SpanList.Ended ended = trace.end(null, null, System.nanoTime());
    assertThat(ended).isNotNull();
    assertThat(ended.parts()).hasSize(SpanList.SPANS_MAX);
    assertThat(ended.leftOut()).isEqualTo(101 - SpanList.SPANS_MAX);
  }

  @Test
  void addsWorkForSeveralCommandsToTheTraceOfOne() {
    var first = new SpanList(Kind.FRAME, "first", System.nanoTime(), () -> {});
    var second = new SpanList(Kind.FRAME, "second", System.nanoTime(), () -> {});
    var ofCommands = new HashMap<String, Span>();
    ofCommands.put("b", first.root());
    ofCommands.put("c", second.root());

    SharedWork.call(
        List.of("a", "b", "c"),
        ofCommands::get,
        () -> {
          Span unit = Span.current().begin(Kind.WRITE, "unit of work");
          unit.end(Outcome.DONE);
          return unit;
        });

    assertThat(kinds(first)).containsExactly(Kind.FRAME, Kind.WRITE);
    assertThat(kinds(second)).containsExactly(Kind.FRAME, Kind.BATCH);
    assertThat(Span.current()).isNull();
  }

  private static List<Kind> kinds(SpanList trace) {
    return trace.end(null, null, System.nanoTime()).parts().stream().map(Trace.Part::kind).toList();
  }

  private static Trace.Part part(int parent, Kind kind, long startMicros, long micros) {
    return new Trace.Part(parent, kind, "work", startMicros, 0, micros, Outcome.DONE);
  }

  @Test
  void boundsThePartsOfATrace() {
    deliver(
        () -> {
          for (int i = 0; i < 100; i++) {
            bus.ask(new Inner());
          }
        });

    Trace trace = onlyTrace();
    assertThat(trace.parts()).hasSize(SpanList.SPANS_MAX);
    assertThat(trace.leftOut()).isEqualTo(101 - SpanList.SPANS_MAX);
  }

  @Test
  void keepsNoFrameWithoutACommand() throws Exception {
    var handled = new CountDownLatch(1);
    deliver(handled::countDown);

    assertThat(handled.await(120, TimeUnit.SECONDS)).isTrue();
    deliver(() -> bus.ask(new Inner()));
    assertThat(onlyTrace().operation()).contains("Inner");
  }

  @Test
  void keepsFailedAndSlowRequestsThatWereNotSampled() {
    assertThat(tracer.keepsUnsampled(404, SLOW_NANOS)).isFalse();
    assertThat(tracer.keepsUnsampled(200, SLOW_NANOS + 1)).isTrue();
    assertThat(tracer.keepsUnsampled(503, 0)).isTrue();
    for (int i = 0; i < 2 * Tracer.UNSAMPLED_PER_SECOND_MAX; i++) {
      tracer.endRequest(null, "request-" + i, "GET /a", 503, 0, 5_000);
    }

    assertThat(ring.find(TraceFilter.ALL, 1_000))
        .hasSize(Tracer.UNSAMPLED_PER_SECOND_MAX)
        .allMatch(trace -> trace.isFailed() && trace.parts().getFirst().kind() == Kind.REQUEST);
    assertThat(meters.get("rookery.traces").tag("result", "dropped").counter().count())
        .isEqualTo(Tracer.UNSAMPLED_PER_SECOND_MAX);
    clock.advance(Duration.ofSeconds(1));
    tracer.endRequest(null, "later", "GET /a", 503, 0, 5_000);
    assertThat(ring.find(new TraceFilter("", "later", false, 0, false), 10)).hasSize(1);
  }

  @Test
  void tracesNothingWhereItIsSwitchedOff() {
    var off = new Tracer(0, Duration.ofSeconds(1), ring, clock, new SimpleMeterRegistry());

    assertThat(off.beginFrame(TracerTest.class, context)).isNull();
    assertThat(off.beginRequest("request", System.nanoTime())).isNull();
    assertThat(off.keepsUnsampled(500, 2 * SLOW_NANOS)).isFalse();
  }

  @Test
  void tracesNoMoreAtATimeThanItMay() {
    for (int i = 0; i < Tracer.RUNNING_MAX; i++) {
      assertThat(tracer.beginFrame(TracerTest.class, context)).isNotNull();
    }

    assertThat(tracer.beginFrame(TracerTest.class, context)).isNull();
  }
}
