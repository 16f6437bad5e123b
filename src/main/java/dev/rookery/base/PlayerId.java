package dev.rookery.base;

/**
 * Identifier of a player, the same in every protocol: a positive integer assigned by the database.
 */
public record PlayerId(long value) {
  @Override
  public String toString() {
    return Long.toString(value);
  }
}
