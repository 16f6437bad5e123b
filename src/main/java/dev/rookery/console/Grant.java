package dev.rookery.console;

import dev.rookery.base.PlayerId;
import org.jspecify.annotations.Nullable;

/**
 * The role of a player, as other admins see it.
 *
 * @param email null if none
 * @param by who gave it; null for the server itself
 * @param sessions open sessions of the console
 * @param factor whether a second factor is set up
 */
public record Grant(
    PlayerId player,
    String displayName,
    @Nullable String email,
    RoleTemplate role,
    @Nullable PlayerId by,
    long sinceMs,
    int sessions,
    boolean factor) {}
