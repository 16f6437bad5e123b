package dev.rookery.notification;

import dev.rookery.base.Event;

/** On the recipient's stream. */
public sealed interface NotificationEvent extends Event {
  /** Created, or written again under the same sender and title. */
  record Posted(Notification notification) implements NotificationEvent {}
}
