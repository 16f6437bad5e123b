package dev.rookery.notification;

import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;

/** The commands of notifications. */
public sealed interface NotificationCommand<R> extends Command<R> {
  String ADDRESS = "notification";

  @Override
  default String address() {
    return ADDRESS;
  }

  /** Lists a player's stored notifications, at most the 1,000 oldest. */
  record ListStored(PlayerId recipient) implements NotificationCommand<StoredNotifications> {}

  /** Deletes all notifications that a player received or sent, when the account is deleted. */
  record Forget(PlayerId player) implements NotificationCommand<Done> {}
}
