package dev.rookery.extension;

import java.time.Instant;
import java.util.Map;

/**
 * A stored notification to a player.
 *
 * @param senderId the player in whose name it was sent
 * @param metadata a JSON object
 */
public record Notification(
    long id,
    long senderId,
    long recipientId,
    String title,
    String content,
    Map<String, Object> metadata,
    boolean isRead,
    Instant insertedAt) {}
