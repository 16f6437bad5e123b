package dev.rookery.base;

/** Identity of a stored notification: a positive integer given by the database. */
public record NotificationId(long value) {
  @Override
  public String toString() {
    return Long.toString(value);
  }
}
