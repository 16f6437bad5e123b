package dev.rookery.friend;

import dev.rookery.base.PlayerId;
import dev.rookery.notification.NotificationKind;
import dev.rookery.notification.NotificationWriter.Draft;
import dev.rookery.notification.NotificationWriter.Retraction;
import java.util.Map;

/** The notifications about friendships (Gamend HTTP contract, appendix B). */
enum FriendNotification {
  /** To the target; retracted when the request is cancelled or declined. */
  REQUESTED(NotificationKind.FRIEND_REQUEST, "You have received a new friend request."),
  ACCEPTED(NotificationKind.FRIEND_ACCEPTED, "Your friend request was accepted."),
  DECLINED(NotificationKind.FRIEND_DECLINED, "Your friend request was declined.");

  private final NotificationKind kind;
  private final String content;

  FriendNotification(NotificationKind kind, String content) {
    this.kind = kind;
    this.content = content;
  }

  /** Of the notification about a request that is cancelled or declined. */
  static Retraction retraction(Friendship request) {
    return new Retraction(
        NotificationKind.FRIEND_REQUEST,
        request.requester(),
        request.target(),
        "friendship:" + request.id().value());
  }

  Draft of(Friendship friendship) {
    PlayerId requester = friendship.requester();
    PlayerId target = friendship.target();
    return Draft.of(
        kind,
        this == REQUESTED ? requester : target,
        this == REQUESTED ? target : requester,
        content,
        Map.of("friendship_id", friendship.id().value()));
  }
}
