package dev.rookery.protocol.console;

import dev.rookery.console.MetricColumn.Unit;
import dev.rookery.trace.Span.Outcome;
import dev.rookery.trace.Trace;
import java.util.ArrayList;
import java.util.List;

/** The parts of a trace as bars, each below the part that it belongs to. */
final class Waterfall {
  /** The width of the drawing, which stands for the time of the trace. */
  static final int WIDTH = 1_000;

  private static final int DEPTH_MAX = 8;
  private static final double MICROS = 1e6;
  private static final String INDENT = "\u2003";

  /**
   * A part of a trace.
   *
   * @param indent before its name, wider the deeper it is
   * @param start since the start of the trace
   * @param waited how long it waited for a thread or a connection
   * @param x where its bar begins
   * @param waitWidth the part of the bar in which it waited
   * @param workX where the rest of the bar begins
   * @param workWidth the rest of the bar
   */
  record Bar(
      String indent,
      String kind,
      String name,
      String start,
      String waited,
      String time,
      String outcome,
      boolean failed,
      long x,
      long waitWidth,
      long workX,
      long workWidth) {}

  private Waterfall() {}

  static List<Bar> of(Trace trace) {
    List<Trace.Part> parts = trace.parts();
    var children = new ArrayList<List<Integer>>();
    parts.forEach(_ -> children.add(new ArrayList<>()));
    for (int i = 0; i < parts.size(); i++) {
      int parent = parts.get(i).parent();
      if (parent >= 0 && parent < i) {
        children.get(parent).add(i);
      }
    }
    var bars = new ArrayList<Bar>();
    if (!parts.isEmpty()) {
      add(0, 0, trace, children, bars);
    }
    return List.copyOf(bars);
  }

  private static void add(
      int index, int depth, Trace trace, List<List<Integer>> children, List<Bar> bars) {
    bars.add(bar(trace.parts().get(index), depth, Math.max(1, trace.micros())));
    for (int child : children.get(index)) {
      add(child, depth + 1, trace, children, bars);
    }
  }

  private static Bar bar(Trace.Part part, int depth, long whole) {
    long x = position(part.startMicros(), whole);
    long workX = position(part.startMicros() + part.waitMicros(), whole);
    long end = position(part.startMicros() + part.micros(), whole);
    long from = Math.min(workX, WIDTH - 2);
    return new Bar(
        INDENT.repeat(Math.min(depth, DEPTH_MAX)),
        part.kind().text(),
        part.name(),
        time(part.startMicros()),
        part.waitMicros() == 0 ? "" : time(part.waitMicros()),
        time(part.micros()),
        part.outcome().text(),
        part.outcome() == Outcome.FAILED,
        x,
        workX - x,
        from,
        // Short ones are still to be seen.
        Math.max(2, end - from));
  }

  private static long position(long micros, long whole) {
    return Math.clamp(micros * WIDTH / whole, 0L, WIDTH);
  }

  private static String time(long micros) {
    return Figures.text(Unit.SECONDS, micros / MICROS);
  }
}
