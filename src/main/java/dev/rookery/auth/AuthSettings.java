package dev.rookery.auth;

import dev.rookery.base.Limits;
import dev.rookery.translation.Translations;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Which sign-in methods are enabled, and how long sessions last.
 *
 * @param deviceSignIn whether players may sign in with a device id alone
 * @param sessionsMax how many sessions a player may have open; beyond that the least recently used
 *     end
 * @param sessionLifetime the maximum lifetime of a session, however often it is refreshed
 * @param productName the name of the product in emails
 * @param pagesUrl the base URL of links in emails, known once the server listens; empty for emails
 *     without links
 * @param firstPlayerAdmin whether the first player of all becomes an admin
 * @param translations of the texts of emails
 */
public record AuthSettings(
    Limits limits,
    boolean deviceSignIn,
    int sessionsMax,
    Duration sessionLifetime,
    String productName,
    Supplier<String> pagesUrl,
    boolean firstPlayerAdmin,
    Translations translations) {}
