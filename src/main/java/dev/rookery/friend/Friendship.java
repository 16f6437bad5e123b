package dev.rookery.friend;

import dev.rookery.base.FriendshipId;
import dev.rookery.base.PlayerId;

/**
 * A friendship, a request for one, or a block.
 *
 * @param requester the player who asked
 * @param target the player who was asked, and who alone accepts, rejects and blocks
 * @param createdMs when it was requested
 */
public record Friendship(
    FriendshipId id, PlayerId requester, PlayerId target, State state, long createdMs) {
  /** The states; their lower-case names are stored, and shown by wires. */
  public enum State {
    /** Waits for the target. */
    PENDING,
    /** Both are friends. */
    ACCEPTED,
    /** The target declined; the requester may ask again. */
    REJECTED,
    /** The target blocked the requester; neither can ask, write to or invite the other. */
    BLOCKED
  }

  /** The other one of the two players. */
  public PlayerId otherThan(PlayerId player) {
    return player.equals(requester) ? target : requester;
  }

  boolean involves(PlayerId player) {
    return player.equals(requester) || player.equals(target);
  }

  Friendship in(State other) {
    return new Friendship(id, requester, target, other, createdMs);
  }
}
