package dev.rookery.friend;

import dev.rookery.base.PlayerId;
import dev.rookery.notification.NotificationWriter.Draft;
import java.util.Map;

/** The notifications about friendships (Gamend HTTP contract, appendix B). */
final class FriendNotifications {
  /** The title of the notification about a request, which is retracted with it. */
  static final String REQUEST = "New Friend Request";

  private FriendNotifications() {}

  static Draft requested(Friendship friendship) {
    return draft(
        friendship.requester(),
        friendship.target(),
        REQUEST,
        "You have received a new friend request.",
        "friend_request",
        friendship);
  }

  static Draft accepted(Friendship friendship) {
    return draft(
        friendship.target(),
        friendship.requester(),
        "Friend Request Accepted",
        "Your friend request was accepted.",
        "friend_accepted",
        friendship);
  }

  static Draft declined(Friendship friendship) {
    return draft(
        friendship.target(),
        friendship.requester(),
        "Friend Request Declined",
        "Your friend request was declined.",
        "friend_declined",
        friendship);
  }

  private static Draft draft(
      PlayerId sender,
      PlayerId recipient,
      String title,
      String content,
      String type,
      Friendship friendship) {
    return new Draft(
        sender,
        recipient,
        title,
        content,
        Map.of("type", type, "friendship_id", friendship.id().value()));
  }
}
