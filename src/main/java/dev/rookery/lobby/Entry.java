package dev.rookery.lobby;

import dev.rookery.base.Position;
import org.jspecify.annotations.Nullable;

/**
 * A player is in the lobby.
 *
 * @param alreadyIn nothing was changed: he was in it before. A client that lost our answer asks
 *     again; wires that promise a refusal for this can tell
 * @param at the place of the event that told the lobby's stream of his coming; null if he did not
 *     come just now, but was in it or is answered what he was answered before
 */
public record Entry(Lobby lobby, boolean alreadyIn, @Nullable Position at) {
  static Entry already(Lobby lobby) {
    return new Entry(lobby, true, null);
  }
}
