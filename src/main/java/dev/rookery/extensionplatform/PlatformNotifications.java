package dev.rookery.extensionplatform;

import dev.rookery.base.NotificationId;
import dev.rookery.base.PlayerId;
import dev.rookery.extension.Notification;
import dev.rookery.extension.Notifications;
import dev.rookery.extension.ResultPage;
import dev.rookery.friend.FriendCommand;
import dev.rookery.notification.NotificationCommand;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@link Notifications} by commands. */
final class PlatformNotifications implements Notifications {
  private final PlatformBus bus;

  PlatformNotifications(PlatformBus bus) {
    this.bus = bus;
  }

  @Override
  public Notification create(
      long senderId,
      long recipientId,
      String title,
      String content,
      Map<String, Object> metadata,
      @Nullable String idempotencyKey) {
    var sender = new PlayerId(senderId);
    return notification(
        bus.ask(
            new NotificationCommand.Create(
                sender,
                sender,
                new PlayerId(recipientId),
                title,
                content,
                metadata,
                bus.key(idempotencyKey))));
  }

  @Override
  public Notification sendToFriend(
      long senderId, long recipientId, String title, String content, Map<String, Object> metadata) {
    return notification(
        bus.ask(
            new FriendCommand.Notify(
                new PlayerId(senderId),
                new PlayerId(recipientId),
                title,
                content,
                metadata,
                null)));
  }

  @Override
  public ResultPage<Notification> list(long userId, int page, int pageSize) {
    var list =
        new NotificationCommand.ListPage(new PlayerId(userId), PlatformBus.page(page, pageSize));
    return PlatformBus.result(bus.ask(list), PlatformNotifications::notification);
  }

  @Override
  public ResultPage<Notification> listAll(
      @Nullable Long recipientId,
      @Nullable Long senderId,
      @Nullable String titlePart,
      int page,
      int pageSize) {
    var filter =
        new NotificationCommand.Filter(
            recipientId == null ? null : new PlayerId(recipientId),
            senderId == null ? null : new PlayerId(senderId),
            titlePart);
    return PlatformBus.result(
        bus.ask(new NotificationCommand.ListAll(filter, PlatformBus.page(page, pageSize))),
        PlatformNotifications::notification);
  }

  @Override
  public long countUnread(long userId) {
    return bus.ask(new NotificationCommand.CountUnread(new PlayerId(userId)));
  }

  @Override
  public Notification markRead(long userId, long notificationId) {
    return notification(
        bus.ask(
            new NotificationCommand.MarkRead(
                new PlayerId(userId), new NotificationId(notificationId))));
  }

  @Override
  public int delete(long userId, List<Long> notificationIds) {
    return bus.ask(
        new NotificationCommand.Delete(
            new PlayerId(userId), notificationIds.stream().map(NotificationId::new).toList()));
  }

  @Override
  public void delete(long notificationId) {
    bus.ask(new NotificationCommand.DeleteAny(new NotificationId(notificationId)));
  }

  private static Notification notification(dev.rookery.notification.Notification stored) {
    return new Notification(
        stored.id().value(),
        stored.sender().value(),
        stored.recipient().value(),
        stored.title(),
        stored.content(),
        stored.metadata(),
        stored.read(),
        Instant.ofEpochMilli(stored.createdMs()));
  }
}
