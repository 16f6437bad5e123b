package dev.rookery.player;

import org.jspecify.annotations.Nullable;

/**
 * A player as admins see him.
 *
 * @param ban the one that holds now
 */
public record Account(Player player, long updatedMs, @Nullable Ban ban) {}
