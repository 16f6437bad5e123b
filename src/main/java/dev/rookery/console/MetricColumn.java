package dev.rookery.console;

/**
 * One column of the history of meters.
 *
 * @param key its name in addresses and stored rows; it stays the same
 * @param title for people
 * @param combine how the values of several nodes, or of several moments, become one
 */
public record MetricColumn(String key, String title, Unit unit, Combine combine) {
  /** What a value counts. */
  public enum Unit {
    /** Things that are there. */
    COUNT,
    /** Events a second. */
    PER_SECOND,
    SECONDS,
    BYTES,
    BYTES_PER_SECOND,
    /** A part of a whole, from 0 to 1. */
    PART
  }

  /** How several values become one. */
  public enum Combine {
    /** The sum over nodes, the mean over time. */
    SUM,
    /** The largest; a mean of percentiles would say nothing. */
    LARGEST
  }
}
