package dev.rookery.player;

import dev.rookery.base.PlayerId;
import org.jspecify.annotations.Nullable;

/**
 * The little of a player that a token is made of, and whether he gets one.
 *
 * @param ban over or not
 */
public record Identity(
    PlayerId player, String uuid, String displayName, boolean admin, @Nullable Ban ban) {}
