package dev.rookery.friend;

import dev.rookery.base.PlayerId;
import dev.rookery.notification.NotificationKind;
import dev.rookery.notification.NotificationWriter.Draft;
import java.util.Map;

/** The notifications about friendships (Gamend HTTP contract, appendix B). */
final class FriendNotifications {
  /** The title of the notification about a request, which is retracted with it. */
  static final String REQUEST = NotificationKind.FRIEND_REQUEST.title();

  private FriendNotifications() {}

  static Draft requested(Friendship friendship) {
    return draft(
        NotificationKind.FRIEND_REQUEST,
        friendship.requester(),
        friendship.target(),
        "You have received a new friend request.",
        friendship);
  }

  static Draft accepted(Friendship friendship) {
    return draft(
        NotificationKind.FRIEND_ACCEPTED,
        friendship.target(),
        friendship.requester(),
        "Your friend request was accepted.",
        friendship);
  }

  static Draft declined(Friendship friendship) {
    return draft(
        NotificationKind.FRIEND_DECLINED,
        friendship.target(),
        friendship.requester(),
        "Your friend request was declined.",
        friendship);
  }

  private static Draft draft(
      NotificationKind kind,
      PlayerId sender,
      PlayerId recipient,
      String content,
      Friendship friendship) {
    return Draft.of(
        kind, sender, recipient, content, Map.of("friendship_id", friendship.id().value()));
  }
}
