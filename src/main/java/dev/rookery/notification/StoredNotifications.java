package dev.rookery.notification;

import dev.rookery.base.Position;
import java.util.List;

/**
 * A player's stored notices, oldest first. The position of his stream and the notices are read in
 * one statement, so that a wire which shows them knows which events repeat one of them.
 */
public record StoredNotifications(List<Notification> notifications, Position position) {
  public StoredNotifications {
    notifications = List.copyOf(notifications);
  }
}
