package dev.rookery.base;

/**
 * Identifier of a record of a leaderboard: a positive integer assigned by the database. Of two
 * records the one that was created earlier has the smaller identifier.
 */
public record RecordId(long value) {
  @Override
  public String toString() {
    return Long.toString(value);
  }
}
