package dev.rookery.player;

import dev.rookery.base.PlayerId;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a player that go into a token, and the ban that may refuse one.
 *
 * @param ban the latest ban, expired or not; null if none
 */
public record Identity(
    PlayerId player, String uuid, String displayName, boolean admin, @Nullable Ban ban) {}
