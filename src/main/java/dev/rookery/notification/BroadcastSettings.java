package dev.rookery.notification;

import dev.rookery.base.Limits;
import dev.rookery.lease.ClusterScheduler;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Limits of broadcasts.
 *
 * @param perSecond how many players are reached in a second, by all broadcasts together
 * @param keptFor how long an ended one is listed
 * @param online finds players who are online
 */
public record BroadcastSettings(
    Limits limits,
    ClusterScheduler scheduler,
    InstantSource clock,
    int perSecond,
    Duration keptFor,
    OnlinePlayersAfter online) {}
