package dev.rookery.lease;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A table from which a {@link Sweep} removes rows.
 *
 * @param rule when a row is removed, in words that complete "a row is removed …"
 * @param setting the key of the configuration that decides how long rows are kept; null if none
 * @param age by what rows are too old; null if they are removed for another reason
 */
public record SweptTable(
    String table, String rule, @Nullable String setting, @Nullable RowAge age) {

  /**
   * The time of rows.
   *
   * @param column with the time, in units since 1970; rows without one are kept
   * @param unit of the column
   * @param keptFor how long after that time a row is kept
   * @param order a column with an index that ascends with the time; null if there is none, so that
   *     only a small table can be looked at
   */
  public record RowAge(String column, Duration unit, Duration keptFor, @Nullable String order) {}

  /** Rows that hold the time of their end, which has an index. */
  public static SweptTable expired(String table, String column) {
    return aged(table, "when it has expired", column, Duration.ZERO);
  }

  /** Rows that are kept for a time after the one in a column, which has an index. */
  public static SweptTable aged(String table, String rule, String column, Duration keptFor) {
    return new SweptTable(
        table, rule, null, new RowAge(column, Duration.ofMillis(1), keptFor, column));
  }

  /** Rows that are removed for another reason than their age. */
  public static SweptTable ruled(String table, String rule) {
    return new SweptTable(table, rule, null, null);
  }

  /** The same, decided by a key of the configuration. */
  public SweptTable setBy(String key) {
    return new SweptTable(table, rule, key, age);
  }

  /** The same, with another column whose index ascends with the time; null for none. */
  public SweptTable orderedBy(@Nullable String order) {
    return new SweptTable(
        table,
        rule,
        setting,
        age == null ? null : new RowAge(age.column(), age.unit(), age.keptFor(), order));
  }

  /** The same, for a column that counts in another unit than milliseconds. */
  public SweptTable countedIn(Duration unit) {
    return new SweptTable(
        table,
        rule,
        setting,
        age == null ? null : new RowAge(age.column(), unit, age.keptFor(), age.order()));
  }
}
