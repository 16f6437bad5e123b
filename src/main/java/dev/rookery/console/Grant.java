package dev.rookery.console;

import dev.rookery.base.PlayerId;
import org.jspecify.annotations.Nullable;

/**
 * The role of a player, as other admins see it.
 *
 * @param email null if none
 * @param role the name of a {@link RoleTemplate}
 * @param by who gave it; null for the server itself
 * @param untilMs when it ends by itself; null for never
 * @param sessions open sessions of the console
 * @param factor whether a second factor is set up
 */
public record Grant(
    PlayerId player,
    String displayName,
    @Nullable String email,
    String role,
    @Nullable PlayerId by,
    long sinceMs,
    @Nullable Long untilMs,
    int sessions,
    boolean factor) {}
