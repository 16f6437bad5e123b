package dev.rookery.notification;

import dev.rookery.base.NotificationId;
import dev.rookery.base.PlayerId;
import java.util.Map;

/**
 * A stored notice to one player. {@code senderName} is empty where the sender was not looked up.
 */
public record Notification(
    NotificationId id,
    PlayerId sender,
    String senderName,
    PlayerId recipient,
    String title,
    String content,
    Map<String, Object> metadata,
    long createdMs) {}
