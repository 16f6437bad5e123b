package dev.rookery.player;

import dev.rookery.base.Event;

/**
 * On the player's own stream, and on the stream of each lobby he is in. Wires tell the two apart by
 * the stream.
 */
public sealed interface PlayerEvent extends Event {
  /** Profile, lobby or presence changed; this is how the player is now. */
  record Changed(Player player) implements PlayerEvent {}

  /** The account is gone for good. */
  record Removed(Player player) implements PlayerEvent {}
}
