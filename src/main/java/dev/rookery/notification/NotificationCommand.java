package dev.rookery.notification;

import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;

/** Notices to players. */
public sealed interface NotificationCommand<R> extends Command<R> {
  String ADDRESS = "notification";

  @Override
  default String address() {
    return ADDRESS;
  }

  /** A player's stored notices, the 1,000 oldest, as they were at one moment of his stream. */
  record ListStored(PlayerId recipient) implements NotificationCommand<StoredNotifications> {}

  /** Removes all that a player received or sent; for the end of his account. */
  record Forget(PlayerId player) implements NotificationCommand<Done> {}
}
