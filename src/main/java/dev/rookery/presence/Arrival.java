package dev.rookery.presence;

import dev.rookery.base.Position;
import dev.rookery.player.Player;

/**
 * A player after arriving, read at one moment of the player's stream.
 *
 * @param hasNotifications whether notifications were stored for the player at that moment
 */
public record Arrival(Player player, Position position, boolean hasNotifications) {}
