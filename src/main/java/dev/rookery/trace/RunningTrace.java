package dev.rookery.trace;

import dev.rookery.trace.Span.Kind;
import dev.rookery.trace.Span.Outcome;
import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The trace of a request or frame that is being served. Thread-safe. */
public final class RunningTrace {
  private final Tracer tracer;
  private final ContextInternal context;
  private final String requestId;
  private final long startMs;
  private final SpanList spans;

  /** Of a frame; confined to its event loop. */
  private boolean delivered;

  /**
   * Begins a trace.
   *
   * @param context that no other request or frame shares
   */
  RunningTrace(
      Tracer tracer,
      ContextInternal context,
      Kind kind,
      String name,
      String requestId,
      long startMs,
      long startNanos) {
    this.tracer = tracer;
    this.context = context;
    this.requestId = requestId;
    this.startMs = startMs;
    this.spans =
        new SpanList(kind, name, startNanos, kind == Kind.FRAME ? this::releaseOfFrame : () -> {});
    ContextInternal.LOCAL_MAP.get(context, ConcurrentHashMap::new).put(Span.LOCAL, spans.root());
  }

  long startNanos() {
    return spans.startNanos();
  }

  /**
   * Gives a frame to its receiver. What that begins belongs to the trace, and so does what follows
   * on the answers; the trace ends when nothing of it is under way.
   *
   * @param frame gets the context on which it is to be handled
   */
  public void deliver(Consumer<ContextInternal> frame) {
    try {
      frame.accept(context);
    } finally {
      delivered = true;
      endIf(spans.isIdle());
    }
  }

  private void releaseOfFrame() {
    // Behind the result of the span on this context, which may begin the next one.
    context.execute(() -> endIf(spans.close()));
  }

  private void endIf(boolean idle) {
    if (idle && delivered) {
      tracer.endFrame(this);
    }
  }

  /**
   * Ends the trace.
   *
   * @param operation null for the name of the trace with that of its first command
   * @param result null for that of its commands
   * @return null if it has ended before, or is that of a frame without any span
   */
  @Nullable Trace end(
      String id, @Nullable String operation, @Nullable Outcome result, long endNanos) {
    SpanList.Ended ended = spans.end(operation, result, endNanos);
    if (ended == null) {
      return null;
    }
    forget();
    return operation == null && ended.parts().size() == 1
        ? null
        : new Trace(
            id,
            requestId,
            ended.name(),
            startMs,
            Span.micros(endNanos - spans.startNanos()),
            ended.outcome(),
            true,
            ended.parts(),
            ended.leftOut());
  }

  /** The context may live longer, as that of a timer that the request has set. */
  private void forget() {
    ConcurrentMap<Object, Object> locals = ContextInternal.LOCAL_MAP.get(context);
    if (locals != null) {
      locals.remove(Span.LOCAL);
    }
  }
}
