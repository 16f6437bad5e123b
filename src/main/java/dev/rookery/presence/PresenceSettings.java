package dev.rookery.presence;

import java.time.Duration;

/**
 * @param grace for how long a player whose last connection was closed may come back, to any node,
 *     before the player goes offline
 */
public record PresenceSettings(Duration grace) {}
