package dev.rookery.notification;

import dev.rookery.base.NotificationId;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import java.util.List;

/** The commands of notifications. */
public sealed interface NotificationCommand<R> extends Command<R> {
  String ADDRESS = "notification";

  @Override
  default String address() {
    return ADDRESS;
  }

  /** Lists a player's stored notifications, at most the 1,000 oldest. */
  record ListStored(PlayerId recipient) implements NotificationCommand<StoredNotifications> {}

  /** Lists a player's notifications, oldest first. */
  record ListPage(PlayerId recipient, Page.Request page)
      implements NotificationCommand<Page<Notification>> {}

  /** Marks a notification as read; {@code Missing("not_found")} if the player has none such. */
  record MarkRead(PlayerId recipient, NotificationId notification)
      implements NotificationCommand<Notification> {}

  /** Deletes those of the notifications that the player received; answers how many. */
  record Delete(PlayerId recipient, List<NotificationId> notifications)
      implements NotificationCommand<Integer> {
    public Delete {
      notifications = List.copyOf(notifications);
    }
  }

  /** Deletes all notifications that a player received or sent, when the account is deleted. */
  record Forget(PlayerId player) implements NotificationCommand<Done> {}
}
