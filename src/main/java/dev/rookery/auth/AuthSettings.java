package dev.rookery.auth;

import dev.rookery.base.Limits;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * How players may come in, and for how long.
 *
 * @param devices whether a device id alone opens an account
 * @param sessionsMax open at once for one player; the least recently used end
 * @param sessionFor how long a session lasts at most, however often it is refreshed
 * @param game its name, as letters have it
 * @param pages where links in letters lead, known once the server listens; empty for letters
 *     without links
 */
public record AuthSettings(
    Limits limits,
    boolean devices,
    int sessionsMax,
    Duration sessionFor,
    String game,
    Supplier<String> pages) {}
