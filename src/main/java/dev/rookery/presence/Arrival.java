package dev.rookery.presence;

import dev.rookery.base.Position;
import dev.rookery.player.Player;

/** The player as he is after arriving, read at one moment of his stream. */
public record Arrival(Player player, Position position) {}
