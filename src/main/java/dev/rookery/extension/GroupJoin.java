package dev.rookery.extension;

import org.jspecify.annotations.Nullable;

/**
 * A player who is about to become a member of a group. Created by the server alone; later versions
 * may add components.
 *
 * @param userId the player who joins
 * @param actorId the player who does it: the same one, or the admin who approves
 * @param requestId the request that is approved; null for none
 */
public record GroupJoin(
    long userId, Group group, Source source, long actorId, @Nullable Long requestId) {
  /** How the player comes into the group. */
  public enum Source {
    /** Into a public group. */
    PUBLIC_JOIN,
    INVITE_ACCEPT,
    /** An admin approves the request, or invites a player who has asked to join. */
    JOIN_REQUEST_APPROVAL
  }
}
