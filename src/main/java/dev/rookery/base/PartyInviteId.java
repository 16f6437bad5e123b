package dev.rookery.base;

/** Identifier of an invite into a party: a positive integer assigned by the database. */
public record PartyInviteId(long value) {
  @Override
  public String toString() {
    return Long.toString(value);
  }
}
