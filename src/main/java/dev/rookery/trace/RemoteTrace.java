package dev.rookery.trace;

import dev.rookery.trace.Span.Kind;
import java.util.List;
import java.util.function.Supplier;

/** Gathers what this node does for a trace of another one. */
public final class RemoteTrace {
  private final SpanList spans;

  /**
   * @param name of the work
   */
  public RemoteTrace(String name) {
    this.spans = new SpanList(Kind.REMOTE, name, System.nanoTime(), () -> {});
  }

  /** Does the work, to which what it begins belongs. */
  public <T> T carryOut(Supplier<T> work) {
    return Span.call(spans.root(), work);
  }

  /** Ends the work, once. */
  public RemoteSpans end() {
    SpanList.Ended ended = spans.end(null, null, System.nanoTime());
    return ended == null
        ? new RemoteSpans(List.of(), 0)
        : new RemoteSpans(ended.parts(), ended.leftOut());
  }
}
