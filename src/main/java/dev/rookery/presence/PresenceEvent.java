package dev.rookery.presence;

import dev.rookery.base.Event;
import dev.rookery.player.Player;

/**
 * On the streams of the lobby and the party that the player is in, after the {@code
 * PlayerEvent.Changed} there.
 */
public sealed interface PresenceEvent extends Event {
  record Online(Player player) implements PresenceEvent {}

  record Offline(Player player) implements PresenceEvent {}
}
