package dev.rookery.base;

/**
 * Identity of a chat message, ascending within a conversation: a positive integer given by the
 * database.
 */
public record MessageId(long value) {
  @Override
  public String toString() {
    return Long.toString(value);
  }
}
