package dev.rookery.friend;

import dev.rookery.base.Limits;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.friend.FriendCommand.Action;
import dev.rookery.friend.Friendship.State;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rules of friendships (Gamend HTTP contract, sections 12.1 to 12.3). Pure: they decide by
 * values, and what they decide is stored elsewhere.
 */
final class FriendRules {
  private final Limits limits;

  FriendRules(Limits limits) {
    this.limits = limits;
  }

  /** How many friends and how many pending requests of their own a player has. */
  record Counts(long friends, long pending) {
    static final Counts NONE = new Counts(0, 0);

    Counts plus(long moreFriends, long morePending) {
      return new Counts(friends + moreFriends, pending + morePending);
    }
  }

  /** What a request comes to. */
  sealed interface Requested {
    /** There is such a friendship or request already. */
    record Existing(Friendship friendship) implements Requested {}

    /** The target's own request is accepted. */
    record Crossed(Friendship accepted) implements Requested {}

    /**
     * A new request.
     *
     * @param replaced the player's earlier request that the target rejected; null if none
     */
    record Fresh(@Nullable Friendship replaced) implements Requested {}
  }

  /** Refuses a request to oneself. */
  static void mustBeOther(PlayerId player, PlayerId target) {
    if (player.equals(target)) {
      throw Refused.conflict("cannot_friend_self");
    }
  }

  /**
   * Decides on a request.
   *
   * @param pair what there is between the two, in either direction
   * @param own of a {@link Requested.Fresh} the pending requests count, of a {@link
   *     Requested.Crossed} the friends of both
   */
  Requested request(PlayerId player, List<Friendship> pair, Counts own, Counts targets) {
    if (pair.stream().anyMatch(one -> one.state() == State.BLOCKED)) {
      throw Refused.conflict("blocked");
    }
    Requested outcome = outcome(player, pair);
    switch (outcome) {
      case Requested.Existing _ -> {}
      case Requested.Crossed _ -> mustHaveRoom(own, targets);
      case Requested.Fresh _ -> {
        if (own.pending() >= limits.friendRequestsMax()) {
          throw Refused.conflict("too_many_pending_requests");
        }
      }
    }
    return outcome;
  }

  /** What a request comes to where nobody is blocked and no limit is reached. */
  static Requested outcome(PlayerId player, List<Friendship> pair) {
    Optional<Friendship> friends =
        pair.stream().filter(one -> one.state() == State.ACCEPTED).findFirst();
    Optional<Friendship> by =
        pair.stream().filter(one -> one.requester().equals(player)).findFirst();
    Optional<Friendship> existing =
        friends.or(() -> by.filter(one -> one.state() == State.PENDING));
    if (existing.isPresent()) {
      return new Requested.Existing(existing.get());
    }
    return pair.stream()
        .filter(one -> one.target().equals(player) && one.state() == State.PENDING)
        .findFirst()
        .<Requested>map(crossing -> new Requested.Crossed(crossing.in(State.ACCEPTED)))
        .orElseGet(() -> new Requested.Fresh(by.orElse(null)));
  }

  /** Returns the event of an action; its friendship has the state after it, or the last one. */
  FriendEvent answer(
      PlayerId player, Friendship friendship, Action action, Counts own, Counts others) {
    boolean target = friendship.target().equals(player);
    State state = friendship.state();
    return switch (action) {
      case ACCEPT -> {
        require(target && state == State.PENDING);
        mustHaveRoom(own, others);
        yield new FriendEvent.Accepted(friendship.in(State.ACCEPTED));
      }
      case REJECT -> {
        require(target && state == State.PENDING);
        yield new FriendEvent.Rejected(friendship.in(State.REJECTED));
      }
      case BLOCK -> {
        require(target && (state == State.PENDING || state == State.REJECTED));
        yield new FriendEvent.Blocked(friendship.in(State.BLOCKED));
      }
      case UNBLOCK -> {
        require(target && state == State.BLOCKED);
        yield new FriendEvent.Unblocked(friendship);
      }
      case REMOVE -> {
        if (state == State.ACCEPTED && friendship.involves(player)) {
          yield new FriendEvent.Removed(friendship);
        }
        require(friendship.requester().equals(player) && state == State.PENDING);
        yield new FriendEvent.Cancelled(friendship);
      }
    };
  }

  private void mustHaveRoom(Counts one, Counts other) {
    if (one.friends() >= limits.friendsMax() || other.friends() >= limits.friendsMax()) {
      throw Refused.conflict("too_many_friends");
    }
  }

  private static void require(boolean allowed) {
    if (!allowed) {
      throw Refused.denied("forbidden");
    }
  }
}
