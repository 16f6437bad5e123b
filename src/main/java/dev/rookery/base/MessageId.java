package dev.rookery.base;

/**
 * Identifier of a chat message: a positive integer assigned by the database, ascending within a
 * conversation.
 */
public record MessageId(long value) {
  @Override
  public String toString() {
    return Long.toString(value);
  }
}
