package dev.rookery.player;

import dev.rookery.base.Event;

/**
 * Events of a player, on the player's own stream and on the streams of their lobby and party.
 * Protocols tell them apart by the stream.
 */
public sealed interface PlayerEvent extends Event {
  /** Profile, lobby or presence changed. Carries the new state. */
  record Changed(Player player) implements PlayerEvent {}

  /** The account was deleted. */
  record Removed(Player player) implements PlayerEvent {}
}
