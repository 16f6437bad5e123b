package dev.rookery.presence;

import dev.rookery.base.Position;
import dev.rookery.player.Player;

/**
 * The player as he is after arriving, read at one moment of his stream.
 *
 * @param noticed whether notices were stored for him at that moment
 */
public record Arrival(Player player, Position position, boolean noticed) {}
