package dev.rookery.trace;

import dev.rookery.trace.Span.Kind;
import dev.rookery.trace.Span.Outcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Chooses which requests and frames are traced, and keeps their traces in a {@link TraceRing}. A
 * request that is not chosen costs a random number and a comparison. If it fails, or is slow, it is
 * kept all the same, without its parts, of which nobody knows; at most {@value
 * #UNSAMPLED_PER_SECOND_MAX} a second. Thread-safe.
 *
 * <p>At most {@value #RUNNING_MAX} traces are under way at a time.
 */
public final class Tracer {
  static final int RUNNING_MAX = 200;
  static final int UNSAMPLED_PER_SECOND_MAX = 100;

  /** Of a request whose end nobody tells; it makes room for others then. */
  private static final Duration RUNNING_FOR_MAX = Duration.ofMinutes(1);

  private static final int ALWAYS = Integer.MAX_VALUE;

  private final double sample;
  private final int threshold;
  private final long slowNanos;
  private final TraceRing ring;
  private final InstantSource clock;
  private final Set<RunningTrace> running = ConcurrentHashMap.newKeySet();
  private final AtomicLong unsampledSecond = new AtomicLong();
  private final AtomicInteger unsampledCount = new AtomicInteger();
  private final Counter sampled;
  private final Counter unsampled;
  private final Counter dropped;

  /**
   * @param sample which part of the requests and frames is traced, from 0 to 1; at 0 none is kept
   * @param slow from when on a request is kept that was not sampled
   */
  public Tracer(
      double sample, Duration slow, TraceRing ring, InstantSource clock, MeterRegistry meters) {
    if (!(sample >= 0 && sample <= 1)) {
      throw new IllegalArgumentException("the sample must be from 0 to 1, not " + sample);
    }
    this.sample = sample;
    this.threshold = (int) Math.ceil(sample * ALWAYS);
    this.slowNanos = slow.toNanos();
    this.ring = ring;
    this.clock = clock;
    this.sampled = counter(meters, "sampled");
    this.unsampled = counter(meters, "unsampled");
    this.dropped = counter(meters, "dropped");
    Gauge.builder("rookery.traces.kept", ring, TraceRing::size)
        .description("Traces in memory")
        .register(meters);
  }

  private static Counter counter(MeterRegistry meters, String result) {
    return Counter.builder("rookery.traces")
        .description("Requests and frames of which a trace was kept, or dropped")
        .tag("result", result)
        .register(meters);
  }

  /** One that traces nothing. */
  public static Tracer none() {
    InstantSource never = () -> Instant.EPOCH;
    return new Tracer(
        0, Duration.ofDays(1), new TraceRing(never), never, new CompositeMeterRegistry());
  }

  /** Which part of the requests and frames is traced, from 0 to 1. */
  public double sample() {
    return sample;
  }

  public TraceRing ring() {
    return ring;
  }

  private boolean isSampled() {
    return threshold != 0 && ThreadLocalRandom.current().nextInt(ALWAYS) < threshold;
  }

  /**
   * Begins the trace of a request on the current context, if the request is sampled.
   *
   * @return null if it is not
   */
  public @Nullable RunningTrace beginRequest(String requestId, long startNanos) {
    if (!isSampled()) {
      return null;
    }
    ContextInternal context = ContextInternal.current();
    // A local of a context that others share would be that of their requests, too.
    return context == null || !context.isDuplicate()
        ? null
        : begin(context, Kind.REQUEST, "unfinished request", requestId, startNanos);
  }

  /**
   * Begins the trace of a frame of a socket, if the frame is sampled. The trace is to {@linkplain
   * RunningTrace#deliver deliver} it.
   *
   * @param receiver of the frame
   * @param context of the socket; the frame gets one of its own on the same event loop
   * @return null if it is not sampled
   */
  public @Nullable RunningTrace beginFrame(Class<?> receiver, ContextInternal context) {
    if (!isSampled()) {
      return null;
    }
    String name = receiver.getSimpleName();
    return begin(
        context.duplicate(), Kind.FRAME, name.isEmpty() ? "socket" : name, "", System.nanoTime());
  }

  private @Nullable RunningTrace begin(
      ContextInternal context, Kind kind, String name, String requestId, long startNanos) {
    if (running.size() >= RUNNING_MAX && !makeRoom()) {
      dropped.increment();
      return null;
    }
    var trace = new RunningTrace(this, context, kind, name, requestId, clock.millis(), startNanos);
    running.add(trace);
    return trace;
  }

  /** Ends the traces that are under way for too long; false if there are none. */
  private boolean makeRoom() {
    long now = System.nanoTime();
    boolean any = false;
    for (RunningTrace trace : running) {
      if (now - trace.startNanos() > RUNNING_FOR_MAX.toNanos()) {
        any = true;
        running.remove(trace);
        keep(trace.end(newId(), null, Outcome.OPEN, now));
      }
    }
    return any;
  }

  /** Whether a request is kept, with that status, that was not sampled. */
  public boolean keepsUnsampled(int status, long nanos) {
    return (status >= 500 || nanos > slowNanos) && threshold != 0;
  }

  /**
   * Ends the trace of a request, or keeps one that was not sampled.
   *
   * @param trace null if it was not sampled
   * @param operation its method and the template of its route
   */
  public void endRequest(
      @Nullable RunningTrace trace,
      String requestId,
      String operation,
      int status,
      long startNanos,
      long endNanos) {
    Outcome outcome =
        status >= 500 ? Outcome.FAILED : status >= 400 ? Outcome.REFUSED : Outcome.DONE;
    if (trace != null) {
      running.remove(trace);
      keep(trace.end(newId(), operation, outcome, endNanos));
    } else if (hasPlaceForUnsampled()) {
      long micros = Span.micros(endNanos - startNanos);
      unsampled.increment();
      ring.add(
          new Trace(
              newId(),
              requestId,
              operation,
              clock.millis() - micros / 1_000,
              micros,
              outcome,
              false,
              List.of(
                  new Trace.Part(Trace.NO_PARENT, Kind.REQUEST, operation, 0, 0, micros, outcome)),
              0));
    } else {
      dropped.increment();
    }
  }

  void endFrame(RunningTrace trace) {
    running.remove(trace);
    keep(trace.end(newId(), null, null, System.nanoTime()));
  }

  private void keep(@Nullable Trace trace) {
    if (trace != null) {
      sampled.increment();
      ring.add(trace);
    }
  }

  private boolean hasPlaceForUnsampled() {
    long second = clock.millis() / 1_000;
    if (unsampledSecond.getAndSet(second) != second) {
      unsampledCount.set(0);
    }
    return unsampledCount.incrementAndGet() <= UNSAMPLED_PER_SECOND_MAX;
  }

  private static String newId() {
    var random = ThreadLocalRandom.current();
    var hex = HexFormat.of();
    return hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
  }
}
