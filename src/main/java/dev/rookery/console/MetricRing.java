package dev.rookery.console;

import java.util.Arrays;

/**
 * The latest values of all columns at one resolution. A moment without a sample is a gap; nothing
 * is interpolated. Not thread-safe.
 */
final class MetricRing {
  private final long stepMs;
  private final int capacity;
  private final long[] steps;
  private final float[][] values;

  MetricRing(int columns, int capacity, long stepMs) {
    this.capacity = capacity;
    this.stepMs = stepMs;
    this.steps = new long[capacity];
    Arrays.fill(steps, -1);
    this.values = new float[columns][capacity];
  }

  long stepMs() {
    return stepMs;
  }

  /** Stores the values of the step that a time lies in, in place of earlier ones. */
  void put(long timeMs, float[] row) {
    long step = Math.floorDiv(timeMs, stepMs);
    int at = (int) Math.floorMod(step, (long) capacity);
    steps[at] = step;
    for (int column = 0; column < values.length; column++) {
      values[column][at] = row[column];
    }
  }

  /** The value of a column at a step; NaN where there is none. */
  float get(int column, long step) {
    int at = (int) Math.floorMod(step, (long) capacity);
    return steps[at] == step ? values[column][at] : Float.NaN;
  }
}
