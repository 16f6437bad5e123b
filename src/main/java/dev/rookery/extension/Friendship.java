package dev.rookery.extension;

import java.time.Instant;

/**
 * A friendship, a request for one, or a block.
 *
 * @param targetId the player who was asked, and who alone accepts, rejects and blocks
 */
public record Friendship(
    long id, long requesterId, long targetId, State state, Instant insertedAt) {
  /** The states. */
  public enum State {
    PENDING,
    ACCEPTED,
    REJECTED,
    /** The target blocked the requester. */
    BLOCKED
  }
}
