package dev.rookery.notification;

import dev.rookery.base.NotificationId;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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

  /**
   * Lists a player's notifications, newest first: one that was replaced is as new as what replaced
   * it.
   */
  record ListNewest(PlayerId recipient, Page.Request page)
      implements NotificationCommand<Page<Notification>> {}

  /** Counts the notifications that a player has not read. */
  record CountUnread(PlayerId recipient) implements NotificationCommand<Long> {}

  /** Marks a notification as read; {@code Missing("not_found")} if the player has none such. */
  record MarkRead(PlayerId recipient, NotificationId notification)
      implements NotificationCommand<Notification> {}

  /**
   * Marks the notifications that were posted up to a time as read; answers how many.
   *
   * @param upToMs when the player was shown them
   */
  record MarkAllRead(PlayerId recipient, long upToMs) implements NotificationCommand<Integer> {}

  /** Deletes the notifications that were posted up to a time; answers how many. */
  record DeleteAll(PlayerId recipient, long upToMs) implements NotificationCommand<Integer> {}

  /** Lists the kinds that a player has switched off. */
  record ListMuted(PlayerId player) implements NotificationCommand<List<NotificationKind>> {}

  /**
   * Switches kinds off, and all others on. Notifications of these kinds are not written any more;
   * those that are stored stay. Invalid {@code muted} if one cannot be switched off.
   */
  record Mute(PlayerId player, List<NotificationKind> kinds) implements NotificationCommand<Done> {
    public Mute {
      kinds = kinds.stream().distinct().toList();
    }
  }

  /** Deletes those of the notifications that the player received; answers how many. */
  record Delete(PlayerId recipient, List<NotificationId> notifications)
      implements NotificationCommand<Integer> {
    public Delete {
      notifications = List.copyOf(notifications);
    }
  }

  /**
   * Lists the notifications of all players for an admin, newest first, without the names of the
   * senders. The newest {@value NotificationVerticle#LOOKED_THROUGH_MAX} of the recipient and the
   * sender are listed and counted; a title is looked for among the newest {@value
   * NotificationVerticle#TITLES_SEARCHED_MAX} of them.
   */
  record ListAll(Filter filter, Page.Request page)
      implements NotificationCommand<Page<Notification>> {}

  /**
   * A part of the list of {@link ListAll}, for those who read it to its end: the newest first.
   *
   * @param after the last notification of the part before; null for the first part
   */
  record ListAfter(Filter filter, @Nullable NotificationId after, int max)
      implements NotificationCommand<List<Notification>> {}

  /**
   * Which notifications an admin lists; a null does not filter.
   *
   * @param titlePart a part of the title, ignoring case
   */
  record Filter(
      @Nullable PlayerId recipient, @Nullable PlayerId sender, @Nullable String titlePart) {}

  /**
   * Sends a notification in the name of a player, for an admin: to anybody, and beyond the limit of
   * the recipient. Replaces one of the same sender and title. {@code Missing("user_not_found")} for
   * the sender or the recipient; invalid {@code title}, {@code content}, {@code metadata}; {@code
   * Denied("role_not_grantable")} in the name of an admin with more rights.
   *
   * @param idempotencyKey 1 to 200 characters of the admin's choice, or null
   */
  record Create(
      PlayerId admin,
      PlayerId sender,
      PlayerId recipient,
      String title,
      String content,
      Map<String, Object> metadata,
      @Nullable String idempotencyKey)
      implements NotificationCommand<Notification> {}

  /** Deletes a notification of any player, for an admin. {@code Missing("not_found")}. */
  record DeleteAny(NotificationId notification) implements NotificationCommand<Done> {}

  /** Deletes all notifications that a player received or sent, when the account is deleted. */
  record Forget(PlayerId player) implements NotificationCommand<Done> {}
}
