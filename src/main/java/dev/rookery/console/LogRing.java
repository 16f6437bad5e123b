package dev.rookery.console;

import dev.rookery.console.LogLine.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The latest lines of the log of a process, bounded by their number and by their memory; the oldest
 * make room. Lines must be without secrets before they are added. Thread-safe.
 */
public final class LogRing {
  /** How many lines are kept at most. */
  public static final int LINES_MAX = 10_000;

  /** How much memory they may take. */
  public static final int BYTES_MAX = 8 << 20;

  private final int linesMax;
  private final int bytesMax;
  private final Deque<LogLine> lines = new ArrayDeque<>();
  private long bytes;
  private long sequence;
  private long missed;

  public LogRing() {
    this(LINES_MAX, BYTES_MAX);
  }

  LogRing(int linesMax, int bytesMax) {
    this.linesMax = linesMax;
    this.bytesMax = bytesMax;
  }

  /** Lines of the ring, with what tells how complete they are. */
  public record Excerpt(List<LogLine> lines, long oldestMs, long newest, long missed) {}

  public synchronized void add(
      long timeMs,
      Level level,
      String logger,
      String message,
      @Nullable String requestId,
      @Nullable String details) {
    // Names of loggers repeat, and each event may have its own copy.
    var line = new LogLine(++sequence, timeMs, level, logger.intern(), message, requestId, details);
    lines.addLast(line);
    bytes += line.bytes();
    while (lines.size() > linesMax || bytes > bytesMax) {
      bytes -= lines.removeFirst().bytes();
    }
  }

  /** Counts lines that could not be added, because too many came at once. */
  public synchronized void addMissed(long count) {
    missed += count;
  }

  /** The newest lines that a filter admits, oldest first. */
  public synchronized Excerpt newest(LogFilter filter, int max) {
    return excerpt(0, filter, max);
  }

  /** The newest lines after a sequence number that a filter admits, oldest first. */
  public synchronized Excerpt after(long after, LogFilter filter, int max) {
    return excerpt(after, filter, max);
  }

  private Excerpt excerpt(long after, LogFilter filter, int max) {
    var found = new ArrayList<LogLine>();
    Iterator<LogLine> backwards = lines.descendingIterator();
    while (backwards.hasNext() && found.size() < max) {
      LogLine line = backwards.next();
      if (line.sequence() <= after) {
        break;
      }
      if (filter.admits(line)) {
        found.add(line);
      }
    }
    LogLine oldest = lines.peekFirst();
    return new Excerpt(
        List.copyOf(found.reversed()), oldest == null ? 0 : oldest.timeMs(), sequence, missed);
  }
}
