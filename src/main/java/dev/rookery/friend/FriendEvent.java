package dev.rookery.friend;

import dev.rookery.base.Event;

/**
 * What happens to friendships, on the streams of both players. A friendship whose row is deleted is
 * told with its last state.
 */
public sealed interface FriendEvent extends Event {
  Friendship friendship();

  record Requested(Friendship friendship) implements FriendEvent {}

  record Accepted(Friendship friendship) implements FriendEvent {}

  record Rejected(Friendship friendship) implements FriendEvent {}

  /** The requester withdrew a pending request. */
  record Cancelled(Friendship friendship) implements FriendEvent {}

  record Removed(Friendship friendship) implements FriendEvent {}

  record Blocked(Friendship friendship) implements FriendEvent {}

  record Unblocked(Friendship friendship) implements FriendEvent {}
}
