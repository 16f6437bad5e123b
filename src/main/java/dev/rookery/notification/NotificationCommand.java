package dev.rookery.notification;

import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import java.util.List;

/** Notices to players. */
public sealed interface NotificationCommand<R> extends Command<R> {
  String ADDRESS = "notification";

  @Override
  default String address() {
    return ADDRESS;
  }

  /** A player's stored notices, oldest first, at most 1,000. */
  record Stored(PlayerId recipient) implements NotificationCommand<List<Notification>> {}
}
