package dev.rookery.base;

/** Identifier of a party: a positive integer assigned by the database. */
public record PartyId(long value) {
  @Override
  public String toString() {
    return Long.toString(value);
  }
}
