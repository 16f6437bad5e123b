package dev.rookery.trace;

import io.vertx.core.internal.ContextInternal;
import java.util.Locale;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A part of the work for a sampled request or frame: when it began, how long it waited, how long it
 * took. Thread-safe.
 *
 * <p>What belongs to a span finds it with {@link #current}: that of a request or frame is a local
 * of its own Vert.x context, on which its futures complete; that of a command is bound to the
 * thread that carries it out.
 */
public final class Span {
  /** What a span is about. */
  public enum Kind {
    REQUEST,
    FRAME,
    COMMAND,
    READ,

    /** A unit of work. */
    WRITE,
    STATEMENT,

    /** The work for several commands at once, in the traces of all of them but one. */
    BATCH,

    /** The code of an extension. */
    EXTENSION,

    /** The work of another node. */
    REMOTE;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The kind of that {@link #text}. */
    public static Kind of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  /** What became of it. */
  public enum Outcome {
    DONE,

    /** A rule forbids it. */
    REFUSED,
    FAILED,

    /** The trace ended before it. */
    OPEN;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The outcome of that {@link #text}. */
    public static Outcome of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  static final String LOCAL = Span.class.getName();
  private static final ScopedValue<Span> CURRENT = ScopedValue.newInstance();

  private final SpanList trace;
  private final int index;
  private final int parent;
  private final Kind kind;
  private final String name;
  private final long startNanos;

  // Guarded by the trace.
  private long workNanos;
  private long endNanos;
  private Outcome outcome = Outcome.OPEN;

  Span(SpanList trace, int index, int parent, Kind kind, String name, long startNanos) {
    this.trace = trace;
    this.index = index;
    this.parent = parent;
    this.kind = kind;
    this.name = name;
    this.startNanos = startNanos;
    this.workNanos = startNanos;
  }

  /**
   * A span that another node has sent.
   *
   * @param begunNanos when its work for this trace began
   */
  static Span remote(SpanList trace, int index, int parent, Trace.Part part, long begunNanos) {
    var span =
        new Span(
            trace, index, parent, part.kind(), part.name(), begunNanos + nanos(part.startMicros()));
    span.workNanos = span.startNanos + nanos(part.waitMicros());
    span.endNanos = span.startNanos + nanos(part.micros());
    span.outcome = part.outcome();
    return span;
  }

  private static long nanos(long micros) {
    return micros * 1_000;
  }

  /**
   * The span that the calling thread works for; null for none. Costs one comparison while no trace
   * is under way in this process.
   */
  public static @Nullable Span current() {
    if (!SpanList.anyIsOpen()) {
      return null;
    }
    return CURRENT.isBound() ? CURRENT.get() : of(ContextInternal.current());
  }

  /**
   * As {@link #current()}.
   *
   * @param context the current one, for a caller that has it at hand
   */
  public static @Nullable Span current(ContextInternal context) {
    if (!SpanList.anyIsOpen()) {
      return null;
    }
    return CURRENT.isBound() ? CURRENT.get() : of(context);
  }

  private static @Nullable Span of(@Nullable ContextInternal context) {
    if (context == null) {
      return null;
    }
    ConcurrentMap<Object, Object> locals = ContextInternal.LOCAL_MAP.get(context);
    return locals == null ? null : (Span) locals.get(LOCAL);
  }

  /**
   * Runs the work for a span.
   *
   * @param span null to run it as it is
   */
  public static <T> T call(@Nullable Span span, Supplier<T> work) {
    return span == null ? work.get() : ScopedValue.where(CURRENT, span).call(work::get);
  }

  /** Runs the work for a span. */
  public static void run(Span span, Runnable work) {
    ScopedValue.where(CURRENT, span).run(work);
  }

  /**
   * Begins a part of this span.
   *
   * @param name without anything that a client has sent
   * @return null if the trace has ended, or has as many spans as it may have
   */
  public @Nullable Span begin(Kind kind, String name) {
    return trace.begin(index, kind, name);
  }

  /** The work begins; until now it waited. Only the first call counts. */
  public void worked() {
    synchronized (trace) {
      if (workNanos == startNanos) {
        workNanos = System.nanoTime();
      }
    }
  }

  /** Adds what another node did for this span. */
  public void adopt(RemoteSpans remote) {
    trace.adopt(this, remote);
  }

  /** The caller has the lock of the trace. */
  void workedSince(long nanos) {
    workNanos = nanos;
  }

  /** Ends the span. Only the first call counts. */
  public void end(Outcome result) {
    end(result, () -> {});
  }

  /**
   * Ends the span, and runs what goes on with its result. What that begins belongs to the trace
   * too.
   */
  public void end(Outcome result, Runnable next) {
    boolean first;
    synchronized (trace) {
      first = endNanos == 0;
      if (first) {
        endNanos = System.nanoTime();
        outcome = result;
      }
    }
    try {
      next.run();
    } finally {
      if (first) {
        trace.release();
      }
    }
  }

  /** The caller has the lock of the trace. */
  Outcome outcome() {
    return outcome;
  }

  int index() {
    return index;
  }

  int parent() {
    return parent;
  }

  long startNanos() {
    return startNanos;
  }

  Kind kind() {
    return kind;
  }

  String name() {
    return name;
  }

  /** As it is kept. The caller has the lock of the trace, which ends at that time. */
  Trace.Part part(long traceStart, long traceEnd) {
    long end = endNanos == 0 ? traceEnd : endNanos;
    return new Trace.Part(
        parent,
        kind,
        name,
        micros(startNanos - traceStart),
        micros(Math.min(workNanos, end) - startNanos),
        micros(end - startNanos),
        outcome);
  }

  static long micros(long nanos) {
    return Math.max(0, nanos / 1_000);
  }
}
