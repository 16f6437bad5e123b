package dev.rookery.notification;

import dev.rookery.base.Position;
import java.util.List;

/**
 * A player's stored notifications, oldest first, with the position of the player's stream at which
 * they were read. Events up to that position are contained in the list, later ones are not.
 */
public record StoredNotifications(List<Notification> notifications, Position position) {
  public StoredNotifications {
    notifications = List.copyOf(notifications);
  }
}
