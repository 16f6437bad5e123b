package dev.rookery.base;

/** Identifier of a group: a positive integer assigned by the database. */
public record GroupId(long value) {
  @Override
  public String toString() {
    return Long.toString(value);
  }
}
