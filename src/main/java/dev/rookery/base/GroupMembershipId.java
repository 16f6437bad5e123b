package dev.rookery.base;

/**
 * Identifier of what a player is to a group, be it a membership or a request for one: a positive
 * integer assigned by the database.
 */
public record GroupMembershipId(long value) {
  @Override
  public String toString() {
    return Long.toString(value);
  }
}
