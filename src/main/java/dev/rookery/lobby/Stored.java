package dev.rookery.lobby;

import org.jspecify.annotations.Nullable;

/** A lobby with what only its door needs to know. */
record Stored(Lobby lobby, @Nullable String passwordHash) {
  @Override
  public String toString() {
    return "Stored[lobby=" + lobby.id() + "]";
  }
}
