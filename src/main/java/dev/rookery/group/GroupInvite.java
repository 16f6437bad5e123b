package dev.rookery.group;

import dev.rookery.base.GroupId;
import dev.rookery.base.GroupInviteId;
import dev.rookery.base.PlayerId;

/**
 * An invite to a group, as lists show it.
 *
 * @param senderName empty if none
 * @param recipientName empty if none
 */
public record GroupInvite(
    GroupInviteId id,
    GroupId group,
    String groupTitle,
    PlayerId sender,
    String senderName,
    PlayerId recipient,
    String recipientName,
    State state,
    long createdMs) {
  /** The states; their lower-case names are stored. */
  public enum State {
    PENDING,
    ACCEPTED,
    DECLINED
  }
}
