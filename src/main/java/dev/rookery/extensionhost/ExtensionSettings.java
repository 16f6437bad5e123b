package dev.rookery.extensionhost;

import java.time.Duration;

/**
 * Bounds of extensions.
 *
 * @param callTimeout for a call, from its arrival to its result
 * @param gameCallTimeout for a call of a game, such as a move
 * @param startTimeout for the start of a version
 * @param stopTimeout for {@code stop} of a version
 * @param callsMax calls of one extension that run at the same time; twenty times as many wait
 * @param broadcastsPerSecond events that one extension sends on this node in a second
 * @param channelMessagesPerSecond messages of one client on one topic in a second
 * @param connectionsMax connections of one extension to its tables
 * @param jarBytesMax the maximum size of a jar
 */
public record ExtensionSettings(
    Duration callTimeout,
    Duration gameCallTimeout,
    Duration startTimeout,
    Duration stopTimeout,
    int callsMax,
    int broadcastsPerSecond,
    int channelMessagesPerSecond,
    int connectionsMax,
    int jarBytesMax) {}
