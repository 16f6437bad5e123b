package dev.rookery.extension;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Groups. What players do is refused as it is for themselves. */
public interface Groups {
  /** A group, hidden or not. */
  @Nullable Group find(long groupId);

  /** The groups that are not hidden, newest first. */
  ResultPage<Group> listVisible(@Nullable String titlePrefix, int page, int pageSize);

  /** All groups, newest first. */
  ResultPage<Group> listAll(@Nullable String titlePrefix, int page, int pageSize);

  /** The groups of which a player is a member, by title. */
  ResultPage<Group> listOf(long userId, int page, int pageSize);

  /**
   * How many groups there are.
   *
   * @param type {@code public}, {@code private} or {@code hidden}; null for all
   * @throws IllegalArgumentException for another type
   */
  long count(@Nullable String type);

  /** How many groups a player has created that still exist. */
  long countCreatedBy(long userId);

  /** How many memberships there are in all groups. Reads all of them. */
  long countMembers();

  /** Whether there is a group of which both players are members. */
  boolean shareGroup(long userId, long otherId);

  /** Creates a group with a player as its first admin. {@code too_many_groups_created}. */
  Group create(long userId, GroupSettings settings);

  /** Changes a group as one of its admins can. {@code not_admin}. */
  Group updateAsAdmin(long adminId, long groupId, GroupSettings settings);

  /** Changes any group. {@code not_found}. */
  Group update(long groupId, GroupSettings settings);

  /** Deletes any group. {@code not_found}. */
  void delete(long groupId);

  /** What a player is to a group; null if nothing. */
  @Nullable GroupMembership findMembership(long groupId, long userId);

  /** The members, the one who joined first first. {@code not_found}. */
  ResultPage<GroupMembership> members(long groupId, int page, int pageSize);

  /** Joins a public group, or asks to join a private one; the role tells. */
  GroupMembership join(long userId, long groupId);

  void leave(long userId, long groupId);

  void kick(long adminId, long groupId, long targetId);

  GroupMembership promote(long adminId, long groupId, long targetId);

  GroupMembership demote(long adminId, long groupId, long targetId);

  /** The requests that wait for an admin, oldest first. {@code not_admin}. */
  ResultPage<GroupMembership> requests(long adminId, long groupId, int page, int pageSize);

  GroupMembership approve(long adminId, long requestId);

  void reject(long adminId, long requestId);

  void cancelRequest(long userId, long requestId);

  /** Invites a player; approves their request if they have asked to join. */
  void invite(long adminId, long groupId, long targetId);

  /** The member that the player becomes. */
  GroupMembership acceptInvite(long userId, long inviteId);

  void declineInvite(long userId, long inviteId);

  void cancelInvite(long senderId, long inviteId);

  /** The pending invites to a player, newest first. */
  ResultPage<GroupInvite> invitesTo(long userId, int page, int pageSize);

  /** The pending invites by a player, newest first. */
  ResultPage<GroupInvite> invitesBy(long userId, int page, int pageSize);

  /** Sends a notification of a member to all others; returns to how many. */
  int notifyMembers(
      long senderId, long groupId, String title, String content, Map<String, Object> metadata);
}
