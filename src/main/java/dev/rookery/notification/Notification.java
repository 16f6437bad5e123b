package dev.rookery.notification;

import dev.rookery.base.NotificationId;
import dev.rookery.base.PlayerId;
import java.util.Map;

/**
 * A stored notification to one player.
 *
 * @param read whether the recipient has read it since it was created or replaced
 * @param senderName the sender's display name; empty if it was not read
 */
public record Notification(
    NotificationId id,
    PlayerId sender,
    String senderName,
    PlayerId recipient,
    String title,
    String content,
    Map<String, Object> metadata,
    long createdMs,
    boolean read) {}
