package dev.rookery.extensionhost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.TestTraces;
import dev.rookery.trace.Span;
import dev.rookery.trace.Trace;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

@ExtendWith(VertxExtension.class)
final class ExtensionCallsTest {
  private static final Logger LOG = LoggerFactory.getLogger("extension.test");

  private final ForkJoinPool pool =
      ExtensionThreads.create("test", ExtensionCallsTest.class.getClassLoader(), 1);

  @AfterEach
  void stop() {
    pool.shutdownNow();
  }

  @Test
  void tracesTheCallsOfATracedFrameAloneOnASharedThread(Vertx vertx) throws Exception {
    var traces = new TestTraces(vertx);
    var clock = ((VertxInternal) vertx).nettyEventLoopGroup().next();
    var minute = Duration.ofMinutes(1);
    var settings = new ExtensionSettings(minute, minute, minute, minute, 1, 10, 10, 1, 1 << 20);
    var calls =
        new ExtensionCalls(vertx, new CallThreads(pool, 1, clock, LOG), pool, settings, LOG);
    var done = new CountDownLatch(2);
    var untraced = new AtomicInteger();

    traces.deliver(
        () -> calls.run(1, "greet", () -> call(done, untraced)),
        () -> calls.run(1, "greet", () -> call(done, untraced)));

    assertThat(done.await(2, TimeUnit.MINUTES)).isTrue();
    assertThat(untraced).hasValue(1);
    Trace trace = traces.only();
    assertThat(trace.parts())
        .extracting(part -> part.parent() + " " + part.kind() + " " + part.name())
        .containsExactly(
            "-1 FRAME TestTraces extension.test greet",
            "0 EXTENSION extension.test greet",
            "1 READ work");
    assertThat(trace.parts()).allMatch(part -> part.outcome() == Span.Outcome.DONE);
  }

  private static CallOutcome call(CountDownLatch done, AtomicInteger untraced) {
    Span span = Span.current();
    if (span == null) {
      untraced.incrementAndGet();
    } else {
      span.begin(Span.Kind.READ, "work").end(Span.Outcome.DONE);
    }
    done.countDown();
    return new CallOutcome.Returned(null);
  }
}
