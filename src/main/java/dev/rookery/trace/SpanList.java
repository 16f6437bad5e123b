package dev.rookery.trace;

import dev.rookery.trace.Span.Kind;
import dev.rookery.trace.Span.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The spans of one trace, at most {@value #SPANS_MAX}. Those that begin after its end are not part
 * of it. Thread-safe.
 */
final class SpanList {
  static final int SPANS_MAX = 64;
  private static final AtomicInteger OPEN_LISTS = new AtomicInteger();

  private final long startNanos;
  private final Span root;
  private final Runnable whenReleased;

  // Guarded by this.
  private final List<Span> spans = new ArrayList<>(8);
  private int leftOut;
  private int open;
  private boolean ended;

  /**
   * What is kept of the spans.
   *
   * @param parts the first is the trace itself
   * @param leftOut how many there were beyond the maximum
   */
  record Ended(String name, Outcome outcome, List<Trace.Part> parts, int leftOut) {}

  /**
   * @param name of the trace itself
   * @param whenReleased called when a span has ended and what goes on with its result was called
   */
  SpanList(Kind kind, String name, long startNanos, Runnable whenReleased) {
    this.startNanos = startNanos;
    this.whenReleased = whenReleased;
    this.root = new Span(this, 0, Trace.NO_PARENT, kind, name, startNanos);
    spans.add(root);
    OPEN_LISTS.incrementAndGet();
  }

  /** Whether any trace is under way in this process. */
  static boolean anyIsOpen() {
    return OPEN_LISTS.get() != 0;
  }

  /** The trace itself. */
  Span root() {
    return root;
  }

  long startNanos() {
    return startNanos;
  }

  synchronized @Nullable Span begin(int parent, Kind kind, String name) {
    if (!hasPlace()) {
      return null;
    }
    var span = new Span(this, spans.size(), parent, kind, name, System.nanoTime());
    spans.add(span);
    open++;
    return span;
  }

  /** Counts the span that has none. The caller has the lock. */
  private boolean hasPlace() {
    if (ended) {
      return false;
    }
    if (spans.size() == SPANS_MAX) {
      leftOut++;
      return false;
    }
    return true;
  }

  /** Adds what another node did for a span, which goes on. */
  synchronized void adopt(Span span, RemoteSpans remote) {
    if (ended || remote.parts().isEmpty()) {
      return;
    }
    // The clocks of nodes differ. The way there is taken to be as long as the way back.
    long remoteNanos = remote.parts().getFirst().micros() * 1_000;
    long begun =
        span.startNanos() + Math.max(0, System.nanoTime() - span.startNanos() - remoteNanos) / 2;
    span.workedSince(begun);
    var indexes = new int[remote.parts().size()];
    indexes[0] = span.index();
    for (int i = 1; i < indexes.length; i++) {
      Trace.Part part = remote.parts().get(i);
      if (part.parent() < 0 || part.parent() >= i || !hasPlace()) {
        leftOut += indexes.length - i - 1;
        break;
      }
      indexes[i] = spans.size();
      spans.add(Span.remote(this, indexes[i], indexes[part.parent()], part, begun));
    }
    leftOut += remote.leftOut();
  }

  void release() {
    whenReleased.run();
  }

  /** A span has been released; true if none is left. */
  synchronized boolean close() {
    open--;
    return isIdle();
  }

  /** Whether nothing of the trace is under way, beside the trace itself. */
  synchronized boolean isIdle() {
    return open == 0 && !ended;
  }

  /**
   * Ends the trace.
   *
   * @param name null for its name with that of its first command, or call of an extension
   * @param result null for the worst of the commands and calls that belong to no other
   * @return null if it has ended before
   */
  synchronized @Nullable Ended end(@Nullable String name, @Nullable Outcome result, long endNanos) {
    if (ended) {
      return null;
    }
    ended = true;
    OPEN_LISTS.decrementAndGet();
    String whole = name == null ? ownName() : name;
    Outcome outcome = result == null ? worstOutcome() : result;
    var parts = new ArrayList<Trace.Part>(spans.size());
    parts.add(
        new Trace.Part(
            Trace.NO_PARENT,
            root.kind(),
            whole,
            0,
            0,
            Span.micros(endNanos - startNanos),
            outcome));
    for (Span span : spans.subList(1, spans.size())) {
      parts.add(span.part(startNanos, endNanos));
    }
    spans.clear();
    return new Ended(whole, outcome, List.copyOf(parts), leftOut);
  }

  private String ownName() {
    Span call = null;
    for (Span span : spans) {
      if (span.kind() == Kind.COMMAND) {
        return root.name() + " " + span.name();
      } else if (call == null && span.kind() == Kind.EXTENSION) {
        call = span;
      }
    }
    return call == null ? root.name() : root.name() + " " + call.name();
  }

  private Outcome worstOutcome() {
    Outcome worst = Outcome.DONE;
    for (Span span : spans) {
      Outcome one = span.outcome();
      boolean counts =
          span.parent() == 0 && (span.kind() == Kind.COMMAND || span.kind() == Kind.EXTENSION);
      // What a command refuses or what fails within another one is for that one to judge.
      if (counts && one != Outcome.OPEN && one.compareTo(worst) > 0) {
        worst = one;
      }
    }
    return worst;
  }
}
