package dev.rookery.base;

/** Identifier of a lobby: a positive integer assigned by the database. */
public record LobbyId(long value) {
  @Override
  public String toString() {
    return Long.toString(value);
  }
}
