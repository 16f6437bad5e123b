package dev.rookery.notification;

import dev.rookery.base.Limits;
import dev.rookery.lease.ClusterScheduler;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Limits of notifications, and what deletes them in time.
 *
 * @param keptFor how long a notification is kept after it was created or replaced
 * @param storedMax how many notifications of one player are kept, the newest
 */
public record NotificationSettings(
    Limits limits,
    ClusterScheduler scheduler,
    InstantSource clock,
    Duration keptFor,
    int storedMax) {}
