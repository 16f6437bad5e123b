package dev.rookery.notification;

import dev.rookery.base.NotificationId;
import dev.rookery.base.PlayerId;
import java.util.Map;
import java.util.Objects;

/**
 * A stored notification to one player.
 *
 * @param read whether the recipient has read it since it was created or replaced
 * @param senderName the sender's display name; empty if it was not read
 * @param metadata with the {@code type} of the kind, unless a player wrote the notification
 * @param kind the type of the {@link NotificationKind}; empty for what players write
 * @param code of the {@link NotificationKind}
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
    boolean read,
    String kind,
    int code) {
  public Notification {
    // Stored before there were kinds.
    kind = Objects.requireNonNullElse(kind, "");
  }

  /**
   * As its sender may see it: always unread, so that nobody learns that a recipient has muted them.
   */
  public Notification forSender() {
    return new Notification(
        id, sender, senderName, recipient, title, content, metadata, createdMs, false, kind, code);
  }
}
