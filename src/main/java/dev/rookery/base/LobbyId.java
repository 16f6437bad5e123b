package dev.rookery.base;

/** Identity of a lobby: a positive integer given by the database. */
public record LobbyId(long value) {
  @Override
  public String toString() {
    return Long.toString(value);
  }
}
