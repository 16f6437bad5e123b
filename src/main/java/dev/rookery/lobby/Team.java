package dev.rookery.lobby;

/** One of the two sides of a lobby with teams. */
public enum Team {
  A,
  B
}
