package dev.rookery.console;

import dev.rookery.console.MetricColumn.Combine;
import dev.rookery.console.MetricPoints.Mark;
import dev.rookery.store.Database;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the meters of this node said lately: an hour in steps of 5 s, a day in minutes, and a week
 * in quarters of an hour, in about 700 KB of memory. One row a minute is stored and read again at
 * the next start, so a restart is a gap and not an end. Thread-safe.
 *
 * <p>Percentiles and largest values are never averaged: a point that stands for several samples
 * shows the largest of them.
 */
public final class MetricHistory {
  static final Duration SAMPLE_EVERY = MetricRange.HOUR.step();
  private static final long MINUTE_MS = MetricRange.DAY.step().toMillis();
  private static final int MARKS_MAX = 100;
  private static final int PAGE = 1_000;

  private final String node;
  private final LongSupplier run;
  private final MetricStore store;
  private final MeterReader reader;
  private final List<MetricColumn> columns = MetricColumns.all();
  private final Map<String, Integer> indexes = new HashMap<>();
  private final IntervalSampler short5s = new IntervalSampler();
  private final IntervalSampler minutes = new IntervalSampler();
  private final Map<MetricRange, MetricRing> rings = new HashMap<>();
  private final List<Mark> marks = new ArrayList<>();
  private final long[] quarterSamples;
  private final double[] quarterSums;
  private long quarter = -1;
  private long lastNanos;
  private long minuteNanos;
  private long minute = -1;
  private boolean started;
  private float[] latest;

  /**
   * @param node the name under which rows are stored and found again
   * @param run the current run of the node
   */
  public MetricHistory(Database database, MeterRegistry registry, String node, LongSupplier run) {
    this.node = node;
    this.run = run;
    this.store = new MetricStore(database, columns);
    this.reader = new MeterReader(registry);
    for (int i = 0; i < columns.size(); i++) {
      indexes.put(columns.get(i).key(), i);
    }
    for (MetricRange range : MetricRange.values()) {
      rings.put(range, new MetricRing(columns.size(), range.capacity(), range.step().toMillis()));
    }
    this.quarterSamples = new long[columns.size()];
    this.quarterSums = new double[columns.size()];
    this.latest = new float[columns.size()];
    Arrays.fill(latest, Float.NaN);
  }

  /**
   * Reads what earlier runs of this node have stored. Blocks; to be called once, before or beside
   * {@link #sample}.
   */
  public void restore(long nowMs) {
    store.registerLayout();
    long from = (nowMs - MetricRange.WEEK.length().toMillis()) / MINUTE_MS;
    long before = 0;
    while (true) {
      List<MetricStore.Minute> page = store.find(node, from, PAGE);
      for (MetricStore.Minute row : page) {
        if (before != 0 && row.run() != before) {
          mark(row.minute() * MINUTE_MS, "restart");
        }
        before = row.run();
        synchronized (this) {
          putMinute(row.minute() * MINUTE_MS, row.values());
        }
      }
      if (page.size() < PAGE) {
        break;
      }
      from = page.getLast().minute() + 1;
    }
    if (before != 0) {
      mark(nowMs, "restart");
    }
  }

  /** Adds a mark to the axis of time. */
  public synchronized void mark(long timeMs, String text) {
    if (marks.size() >= MARKS_MAX) {
      marks.removeFirst();
    }
    marks.add(new Mark(timeMs, text));
  }

  /**
   * Reads all meters; to be called every 5 s. Once a minute it also stores a row, for which it
   * blocks.
   *
   * @param nanos a monotonic clock, by which rates are computed
   */
  public void sample(long nowMs, long nanos) {
    MeterSums now = reader.read();
    float @Nullable [] row = null;
    long rowMinute;
    synchronized (this) {
      minutes.observe(now);
      latest = short5s.end(now, started ? (nanos - lastNanos) / 1e9 : 0);
      ring(MetricRange.HOUR).put(nowMs, latest);
      long current = nowMs / MINUTE_MS;
      rowMinute = minute;
      if (minute < 0) {
        minutes.end(now, 0);
        minuteNanos = nanos;
      } else if (current != minute) {
        row = minutes.end(now, (nanos - minuteNanos) / 1e9);
        minuteNanos = nanos;
        putMinute(rowMinute * MINUTE_MS, row);
      }
      minute = current;
      lastNanos = nanos;
      started = true;
    }
    if (row != null) {
      store.save(
          node,
          new MetricStore.Minute(rowMinute, run.getAsLong(), row),
          rowMinute - MetricRange.WEEK.length().dividedBy(MetricRange.DAY.step()));
    }
  }

  /** Puts a minute into the ring of minutes and into its quarter of an hour. */
  private void putMinute(long timeMs, float[] row) {
    ring(MetricRange.DAY).put(timeMs, row);
    MetricRing weeks = ring(MetricRange.WEEK);
    long current = timeMs / weeks.stepMs();
    if (current != quarter) {
      quarter = current;
      Arrays.fill(quarterSamples, 0);
      Arrays.fill(quarterSums, 0);
    }
    var values = new float[row.length];
    for (int i = 0; i < row.length; i++) {
      if (!Float.isNaN(row[i])) {
        boolean first = quarterSamples[i]++ == 0;
        quarterSums[i] =
            columns.get(i).combine() == Combine.SUM
                ? quarterSums[i] + row[i]
                : first ? row[i] : Math.max(quarterSums[i], row[i]);
      }
      values[i] = quarterValue(i);
    }
    weeks.put(timeMs, values);
  }

  private float quarterValue(int column) {
    if (quarterSamples[column] == 0) {
      return Float.NaN;
    }
    return columns.get(column).combine() == Combine.SUM
        ? (float) (quarterSums[column] / quarterSamples[column])
        : (float) quarterSums[column];
  }

  private MetricRing ring(MetricRange range) {
    MetricRing ring = rings.get(range);
    if (ring == null) {
      throw new IllegalStateException(range.toString());
    }
    return ring;
  }

  /** The values of the latest sample by column, without those that are not known. */
  public synchronized Map<String, Double> latest() {
    var values = new LinkedHashMap<String, Double>();
    for (int i = 0; i < columns.size(); i++) {
      if (!Float.isNaN(latest[i])) {
        values.put(columns.get(i).key(), (double) latest[i]);
      }
    }
    return values;
  }

  /**
   * The points of some columns up to a time.
   *
   * @param keys those that are unknown are left out
   * @param pointsMax several samples become one point where there are more than this
   */
  public synchronized MetricPoints read(
      MetricRange range, List<String> keys, long endMs, int pointsMax) {
    MetricRing ring = ring(range);
    int each = Math.max(1, Math.ceilDiv(range.capacity(), Math.max(1, pointsMax)));
    long stepMs = ring.stepMs() * each;
    int points = range.capacity() / each;
    // The point that time is in is not complete, and would look like a fall.
    long first = Math.floorDiv(endMs, stepMs) - points;
    var values = new LinkedHashMap<String, float[]>();
    for (String key : keys) {
      Integer index = indexes.get(key);
      if (index != null) {
        values.put(key, read(ring, index, first, points, each));
      }
    }
    long startMs = first * stepMs;
    List<Mark> within =
        marks.stream()
            .filter(mark -> mark.timeMs() >= startMs && mark.timeMs() <= endMs)
            .sorted(Comparator.comparingLong(Mark::timeMs))
            .toList();
    return new MetricPoints(startMs, stepMs, values, within);
  }

  private float[] read(MetricRing ring, int column, long first, int points, int each) {
    var values = new float[points];
    Combine combine = columns.get(column).combine();
    for (int point = 0; point < points; point++) {
      double sum = 0;
      double largest = 0;
      int count = 0;
      for (int i = 0; i < each; i++) {
        float value = ring.get(column, (first + point) * each + i);
        if (!Float.isNaN(value)) {
          largest = count == 0 ? value : Math.max(largest, value);
          sum += value;
          count++;
        }
      }
      values[point] =
          count == 0 ? Float.NaN : (float) (combine == Combine.SUM ? sum / count : largest);
    }
    return values;
  }
}
