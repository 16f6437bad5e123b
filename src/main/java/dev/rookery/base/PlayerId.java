package dev.rookery.base;

/** Identity of a player, the same on every wire: a positive integer given by the database. */
public record PlayerId(long value) {
  @Override
  public String toString() {
    return Long.toString(value);
  }
}
