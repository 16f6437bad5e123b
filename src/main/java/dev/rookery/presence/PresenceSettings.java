package dev.rookery.presence;

import java.time.Duration;

/**
 * @param grace for how long a player whose last connection ended may come back, anywhere, before he
 *     is shown out
 */
public record PresenceSettings(Duration grace) {}
