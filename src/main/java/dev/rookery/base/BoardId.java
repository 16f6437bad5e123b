package dev.rookery.base;

/** Identifier of one season of a leaderboard: a positive integer assigned by the database. */
public record BoardId(long value) {
  @Override
  public String toString() {
    return Long.toString(value);
  }
}
