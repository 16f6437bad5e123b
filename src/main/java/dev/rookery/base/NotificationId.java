package dev.rookery.base;

/** Identifier of a stored notification: a positive integer assigned by the database. */
public record NotificationId(long value) {
  @Override
  public String toString() {
    return Long.toString(value);
  }
}
