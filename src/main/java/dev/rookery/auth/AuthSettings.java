package dev.rookery.auth;

import dev.rookery.base.Limits;
import java.time.Duration;

/**
 * How players may come in, and for how long.
 *
 * @param devices whether a device id alone opens an account
 * @param sessionsMax open at once for one player; the least recently used end
 * @param sessionFor how long a session lasts at most, however often it is refreshed
 */
public record AuthSettings(Limits limits, boolean devices, int sessionsMax, Duration sessionFor) {}
