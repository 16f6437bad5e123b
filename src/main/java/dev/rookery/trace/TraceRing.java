package dev.rookery.trace;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The traces that a node keeps, bounded by their number and by their memory. Thread-safe.
 *
 * <p>There are places for three kinds: the latest that failed, the slowest of each operation within
 * an hour, and the latest of all others, which are a random choice because the sample is one. So
 * neither a failure nor a slow request is lost among many ordinary ones. Where memory is short the
 * last kind makes room first.
 */
public final class TraceRing {
  /** How many traces are kept at most. */
  public static final int TRACES_MAX = 2_000;

  /** How much memory they may take. */
  public static final int BYTES_MAX = 8 << 20;

  static final int OPERATIONS_MAX = 100;
  static final int SLOWEST_MAX = 10;
  static final Duration SLOWEST_FOR = Duration.ofHours(1);
  static final int FAILED_MAX = 500;
  static final int LATEST_MAX = TRACES_MAX - FAILED_MAX - OPERATIONS_MAX * SLOWEST_MAX;

  private final InstantSource clock;
  private final int bytesMax;
  private final Deque<Trace> failed = new ArrayDeque<>();
  private final Deque<Trace> latest = new ArrayDeque<>();

  /** The one that was used the longest time ago is the first. */
  private final LinkedHashMap<String, Operation> operations = new LinkedHashMap<>(16, 0.75f, true);

  private long bytes;

  private static final class Operation {
    private final OperationTimes times = new OperationTimes();
    private final List<Trace> slowest = new ArrayList<>(SLOWEST_MAX);
  }

  public TraceRing(InstantSource clock) {
    this(clock, BYTES_MAX);
  }

  TraceRing(InstantSource clock, int bytesMax) {
    this.clock = clock;
    this.bytesMax = bytesMax;
  }

  /** Keeps a trace, unless there are slower ones and it is no sample. */
  public synchronized void add(Trace trace) {
    Operation operation = operations.computeIfAbsent(trace.operation(), _ -> new Operation());
    if (trace.sampled()) {
      operation.times.add(trace);
    }
    if (trace.isFailed()) {
      append(failed, trace, FAILED_MAX);
    } else {
      Trace ordinary = addIfSlow(operation.slowest, trace);
      if (ordinary != null && ordinary.sampled()) {
        append(latest, ordinary, LATEST_MAX);
      }
    }
    if (operations.size() > OPERATIONS_MAX) {
      removeOldestOperation();
    }
    while (bytes > bytesMax && removeOne()) {
      // Until there is room.
    }
  }

  private void append(Deque<Trace> to, Trace trace, int max) {
    to.addLast(trace);
    bytes += trace.bytes();
    if (to.size() > max) {
      bytes -= to.removeFirst().bytes();
    }
  }

  /** Returns the trace for which there is no place among the slowest; null if there is one. */
  private @Nullable Trace addIfSlow(List<Trace> slowest, Trace trace) {
    long since = clock.millis() - SLOWEST_FOR.toMillis();
    removeIf(slowest, one -> one.startMs() < since);
    Trace replaced = null;
    if (slowest.size() == SLOWEST_MAX) {
      replaced = Collections.min(slowest, Comparator.comparingLong(Trace::micros));
      if (replaced.micros() >= trace.micros()) {
        return trace;
      }
      slowest.remove(replaced);
      bytes -= replaced.bytes();
    }
    slowest.add(trace);
    bytes += trace.bytes();
    return replaced;
  }

  private void removeIf(List<Trace> from, Predicate<Trace> old) {
    for (Iterator<Trace> all = from.iterator(); all.hasNext(); ) {
      Trace one = all.next();
      if (old.test(one)) {
        all.remove();
        bytes -= one.bytes();
      }
    }
  }

  private void removeOldestOperation() {
    Iterator<Operation> all = operations.values().iterator();
    removeIf(all.next().slowest, _ -> true);
    all.remove();
  }

  /** Removes a trace; false if there is none. */
  private boolean removeOne() {
    Trace removed = latest.pollFirst();
    if (removed == null) {
      removed = failed.pollFirst();
    }
    if (removed == null) {
      removed = anySlow();
    }
    if (removed == null) {
      return false;
    }
    bytes -= removed.bytes();
    return true;
  }

  private @Nullable Trace anySlow() {
    for (Operation operation : operations.values()) {
      if (!operation.slowest.isEmpty()) {
        return operation.slowest.removeFirst();
      }
    }
    return null;
  }

  /** How many traces are kept. */
  public synchronized int size() {
    int slow = 0;
    for (Operation operation : operations.values()) {
      slow += operation.slowest.size();
    }
    return failed.size() + latest.size() + slow;
  }

  private List<Trace> all() {
    var all = new ArrayList<Trace>(failed);
    all.addAll(latest);
    operations.values().forEach(operation -> all.addAll(operation.slowest));
    return all;
  }

  /** The traces that a filter admits, in its order. */
  public List<Trace> find(TraceFilter filter, int max) {
    List<Trace> all;
    synchronized (this) {
      all = all();
    }
    return all.stream().filter(filter::admits).sorted(order(filter)).limit(max).toList();
  }

  /** The order of traces that a filter asks for. */
  public static Comparator<Trace> order(TraceFilter filter) {
    Comparator<Trace> newest = Comparator.comparingLong(Trace::startMs).reversed();
    return filter.slowestFirst()
        ? Comparator.comparingLong(Trace::micros).reversed().thenComparing(newest)
        : newest;
  }

  public Optional<Trace> find(String id) {
    List<Trace> all;
    synchronized (this) {
      all = all();
    }
    return all.stream().filter(trace -> trace.id().equals(id)).findFirst();
  }

  /** All operations of which traces are kept or were sampled lately, at most 100. */
  public synchronized List<OperationSummary> operations() {
    Map<String, Integer> kept = new HashMap<>();
    all().forEach(trace -> kept.merge(trace.operation(), 1, Integer::sum));
    var summaries = new ArrayList<OperationSummary>();
    operations.forEach(
        (name, operation) ->
            summaries.add(operation.times.summary(name, kept.getOrDefault(name, 0))));
    return List.copyOf(summaries);
  }
}
