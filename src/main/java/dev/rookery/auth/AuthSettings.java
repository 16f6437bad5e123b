package dev.rookery.auth;

import dev.rookery.base.Limits;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * How players may come in, and for how long.
 *
 * @param deviceSignIn whether a device id alone opens an account
 * @param sessionsMax open at once for one player; the least recently used end
 * @param sessionLifetime how long a session lasts at most, however often it is refreshed
 * @param productName its name, as letters have it
 * @param pagesUrl where links in letters lead, known once the server listens; empty for letters
 *     without links
 */
public record AuthSettings(
    Limits limits,
    boolean deviceSignIn,
    int sessionsMax,
    Duration sessionLifetime,
    String productName,
    Supplier<String> pagesUrl) {}
