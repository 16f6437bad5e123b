package dev.rookery.friend;

import dev.rookery.base.FriendshipId;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import dev.rookery.notification.Notification;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The commands of friends. */
public sealed interface FriendCommand<R> extends Command<R> {
  String ADDRESS = "friend";

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * Requests a friendship; accepts the target's own request if there is one. Does nothing if the
   * two are friends or the same request is pending.
   *
   * <p>{@code Conflict}: {@code cannot_friend_self}, {@code blocked}, {@code too_many_friends},
   * {@code too_many_pending_requests}. {@code Missing("player_not_found")} for the player, {@code
   * Missing("user_not_found")} for the target.
   *
   * @param idempotencyKey 1 to 200 characters, or null
   */
  record Request(PlayerId player, PlayerId target, @Nullable String idempotencyKey)
      implements FriendCommand<Friendship> {}

  /**
   * What a player does about a friendship or request of their own. {@code Missing("not_found")} if
   * there is none with that id, {@code Denied("forbidden")} if the player or its state does not
   * allow it.
   *
   * @param idempotencyKey 1 to 200 characters, or null
   */
  record Answer(
      PlayerId player, FriendshipId friendship, Action action, @Nullable String idempotencyKey)
      implements FriendCommand<Friendship> {
    public Answer(PlayerId player, FriendshipId friendship, Action action) {
      this(player, friendship, action, null);
    }
  }

  /** What a player can do about a friendship. */
  enum Action {
    /** The target accepts a pending request; {@code Conflict("too_many_friends")}. */
    ACCEPT,
    /** The target declines a pending request. */
    REJECT,
    /** The target blocks the requester of a pending or rejected request. */
    BLOCK,
    /** The target lifts a block. */
    UNBLOCK,
    /** The requester withdraws a pending request, or a friend ends the friendship. */
    REMOVE
  }

  /** What two players are to each other; a player is nothing to themselves. */
  record FindRelation(PlayerId player, PlayerId other) implements FriendCommand<Friends.Relation> {}

  /** Lists a player's friends, those who are online first, then the oldest request first. */
  record ListOnlineFirst(PlayerId player, Page.Request page)
      implements FriendCommand<Page<Friend>> {}

  /** Lists a player's friends, oldest request first. */
  record ListFriends(PlayerId player, Page.Request page) implements FriendCommand<Page<Friend>> {}

  /** Lists the pending requests to and by a player, oldest first; one page of each. */
  record ListRequests(PlayerId player, Page.Request page)
      implements FriendCommand<FriendRequests> {}

  /** Lists the players whom a player has blocked, oldest request first. */
  record ListBlocked(PlayerId player, Page.Request page) implements FriendCommand<Page<Friend>> {}

  /**
   * Sends a notification to a friend; replaces an earlier one with the same title, which becomes
   * unread again and keeps its id. The answer is that of an unread one also if the friend has muted
   * the player.
   *
   * <p>{@code Conflict}: {@code cannot_notify_self}, {@code not_friends}, {@code
   * too_many_notifications}. Invalid {@code title}, {@code content} or {@code metadata}.
   *
   * @param idempotencyKey 1 to 200 characters, or null
   */
  record Notify(
      PlayerId player,
      PlayerId recipient,
      String title,
      String content,
      Map<String, Object> metadata,
      @Nullable String idempotencyKey)
      implements FriendCommand<Notification> {}

  /**
   * Which friendships an admin lists; a null does not filter.
   *
   * @param player one of the two
   * @param sinceMs only those requested at or after the time
   */
  record Filter(
      @Nullable PlayerId player, Friendship.@Nullable State state, @Nullable Long sinceMs) {}

  /**
   * Lists friendships, requests and blocks of all players for an admin, the newest first.
   *
   * @param before the last one of the page before; null for the first page
   */
  record ListAll(Filter filter, @Nullable FriendshipId before, int max)
      implements FriendCommand<List<Friendship>> {}

  /**
   * Ends a friendship, withdraws a request or lifts a block for an admin; both players hear of it
   * as if one of them had done it. {@code Missing("not_found")}, {@code Conflict("nothing_to_end")}
   * for a rejected request, {@code Denied("role_not_grantable")}.
   */
  record End(FriendshipId friendship) implements FriendCommand<Friendship> {}

  /** Deletes all friendships of a player, when the account is deleted. */
  record Forget(PlayerId player) implements FriendCommand<Done> {}
}
