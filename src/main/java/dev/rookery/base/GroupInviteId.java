package dev.rookery.base;

/** Identifier of an invite to a group: a positive integer assigned by the database. */
public record GroupInviteId(long value) {
  @Override
  public String toString() {
    return Long.toString(value);
  }
}
