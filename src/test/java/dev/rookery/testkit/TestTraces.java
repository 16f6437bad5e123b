package dev.rookery.testkit;

import dev.rookery.trace.RunningTrace;
import dev.rookery.trace.Trace;
import dev.rookery.trace.TraceFilter;
import dev.rookery.trace.TraceRing;
import dev.rookery.trace.Tracer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.Objects;

/** Traces all that a test does as frames of a socket. */
public final class TestTraces {
  private final ContextInternal context;
  private final TraceRing ring;
  private final Tracer tracer;

  public TestTraces(Vertx vertx) {
    var clock = new ManualClock();
    this.context = (ContextInternal) vertx.getOrCreateContext();
    this.ring = new TraceRing(clock);
    this.tracer = new Tracer(1, Duration.ofSeconds(1), ring, clock, new SimpleMeterRegistry());
  }

  /** Delivers frames in one turn of the event loop, of which the first alone is traced. */
  public void deliver(Runnable traced, Runnable... others) {
    context.runOnContext(
        _ -> {
          RunningTrace trace = Objects.requireNonNull(tracer.beginFrame(TestTraces.class, context));
          trace.deliver(own -> own.dispatch(traced));
          for (Runnable other : others) {
            other.run();
          }
        });
  }

  /** The only trace, when it has ended. */
  public Trace only() {
    Eventually.holds(() -> ring.size() > 0);
    return ring.find(TraceFilter.ALL, 10).getFirst();
  }
}
