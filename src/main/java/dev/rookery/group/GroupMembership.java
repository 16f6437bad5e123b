package dev.rookery.group;

import dev.rookery.base.GroupId;
import dev.rookery.base.GroupMembershipId;
import dev.rookery.base.PlayerId;

/**
 * What a player is to a group: a member, or a player who asked to join.
 *
 * @param createdMs since when there is a row: for a request, when it was made first
 * @param joinedMs since when the player is a member; 0 if they are none
 */
public record GroupMembership(
    GroupMembershipId id,
    GroupId group,
    PlayerId player,
    GroupRole role,
    long createdMs,
    long joinedMs) {
  GroupMembership in(GroupRole other) {
    return new GroupMembership(id, group, player, other, createdMs, joinedMs);
  }

  GroupMembership joined(GroupRole as, long atMs) {
    return new GroupMembership(id, group, player, as, createdMs, atMs);
  }
}
