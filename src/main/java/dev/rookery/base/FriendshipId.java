package dev.rookery.base;

/** Identifier of a friendship or of a request for one: a positive integer of the database. */
public record FriendshipId(long value) {
  @Override
  public String toString() {
    return Long.toString(value);
  }
}
