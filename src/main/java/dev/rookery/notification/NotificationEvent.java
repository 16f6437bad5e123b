package dev.rookery.notification;

import dev.rookery.base.Event;

/** The events of notifications, published on the recipient's stream. */
public sealed interface NotificationEvent extends Event {
  /** A notification was created, or replaced one of the same sender and title. */
  record Posted(Notification notification) implements NotificationEvent {}
}
