package dev.rookery.console;

import dev.rookery.base.PlayerId;
import org.jspecify.annotations.Nullable;

/**
 * A role that players can have.
 *
 * @param holders how many players have it
 * @param by who changed it last; null for a role of the release
 * @param changedMs 0 for a role of the release
 * @param revision how often it was changed; 0 for a role of the release
 */
public record StoredRole(
    RoleTemplate template, long holders, @Nullable PlayerId by, long changedMs, long revision) {}
