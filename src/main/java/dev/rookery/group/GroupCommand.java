package dev.rookery.group;

import dev.rookery.base.GroupId;
import dev.rookery.base.GroupInviteId;
import dev.rookery.base.GroupMembershipId;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Commands that change groups. A hidden group is {@code Missing("not_found")} for everybody but its
 * members, as one that does not exist. Of an idempotency key there is 1 to 200 characters, or null.
 */
public sealed interface GroupCommand<R> extends Command<R> {
  String ADDRESS = "group";

  @Override
  default String address() {
    return ADDRESS;
  }

  /** What can be set; a null keeps what there is, or stands for the default. */
  record Settings(
      @Nullable String title,
      @Nullable String description,
      @Nullable String type,
      @Nullable Integer membersMax,
      @Nullable Map<String, Object> metadata,
      @Nullable Integer slowdownSeconds) {}

  /** {@code Conflict("too_many_groups_created")}, or invalid settings. */
  record Create(PlayerId player, Settings settings, @Nullable String idempotencyKey)
      implements GroupCommand<Group> {}

  /**
   * {@code Denied("not_admin")} for others than admins, and if there is no such group; {@code
   * Conflict("max_members_too_low")}, or invalid settings.
   */
  record Update(PlayerId player, GroupId group, Settings settings) implements GroupCommand<Group> {}

  /**
   * By an admin of the server: the number of members limits nothing. {@code Missing("not_found")}.
   *
   * @param revision the time of the last change that the admin has read: {@code
   *     Conflict("revision_conflict")} if the group has another one; null to change it whatever was
   *     read
   */
  record UpdateAny(GroupId group, Settings settings, @Nullable Long revision)
      implements GroupCommand<Group> {}

  /** By an admin of the server. {@code Missing("not_found")}. */
  record Delete(GroupId group) implements GroupCommand<Done> {}

  /**
   * Joins a public group, or asks to join a private one: the role tells. A repeated join or request
   * changes nothing, except that a member of a private group is {@code Denied("already_member")}.
   *
   * <p>{@code Denied("not_joinable")} for a hidden group; {@code Denied}: {@code full}, {@code
   * too_many_groups}, {@code banned}.
   */
  record Join(PlayerId player, GroupId group, @Nullable String idempotencyKey)
      implements GroupCommand<GroupMembership> {}

  /**
   * {@code Conflict("not_member")}. If the last admin leaves, the member who joined first becomes
   * one; if the last member leaves, the group is closed.
   */
  record Leave(PlayerId player, GroupId group, @Nullable String idempotencyKey)
      implements GroupCommand<Done> {}

  /**
   * {@code Denied("not_admin")}, {@code Denied("cannot_kick_self")}, {@code Missing("not_member")}.
   */
  record Kick(PlayerId player, GroupId group, PlayerId target, @Nullable String idempotencyKey)
      implements GroupCommand<Done> {}

  /**
   * Makes a member an admin. {@code Denied}: {@code not_admin}, {@code cannot_promote_self}, {@code
   * already_admin}; {@code Missing("not_member")}.
   */
  record Promote(PlayerId player, GroupId group, PlayerId target)
      implements GroupCommand<GroupMembership> {}

  /**
   * Makes an admin a member. {@code Denied}: {@code not_admin}, {@code cannot_demote_self}, {@code
   * already_member}; {@code Missing("not_member")}.
   */
  record Demote(PlayerId player, GroupId group, PlayerId target)
      implements GroupCommand<GroupMembership> {}

  /**
   * Makes a member an admin, or an admin a member, by an admin of the server in the name of the
   * first admin of the group beside them. {@code Missing}: {@code not_found}, {@code not_member};
   * {@code Denied}: {@code already_admin}, {@code already_member}; {@code
   * Conflict("the_only_admin")}.
   *
   * @param admin whether the member is an admin then
   */
  record ChangeRole(GroupId group, PlayerId target, boolean admin)
      implements GroupCommand<GroupMembership> {}

  /**
   * Removes a member by an admin of the server, as if they had left. {@code Missing}: {@code
   * not_found}, {@code not_member}.
   */
  record RemoveMember(GroupId group, PlayerId target) implements GroupCommand<Done> {}

  /**
   * {@code Missing("not_found")}; {@code Denied}: {@code not_pending}, {@code not_admin}, {@code
   * full}.
   */
  record Approve(PlayerId player, GroupMembershipId request)
      implements GroupCommand<GroupMembership> {}

  /** {@code Missing("not_found")}; {@code Denied}: {@code not_pending}, {@code not_admin}. */
  record Reject(PlayerId player, GroupMembershipId request)
      implements GroupCommand<GroupMembership> {}

  /**
   * Withdraws a request of the player's own, which is deleted. {@code Missing("not_found")}; {@code
   * Denied}: {@code not_owner}, {@code not_pending}.
   */
  record CancelRequest(PlayerId player, GroupMembershipId request)
      implements GroupCommand<GroupMembership> {}

  /**
   * Invites a player, or approves their request if they have asked to join. {@code
   * Missing("not_found")}, {@code Missing("user_not_found")}; {@code Denied}: {@code not_admin},
   * {@code already_member}, {@code blocked}, {@code too_many_pending_invites}, {@code full}, {@code
   * banned}.
   */
  record Invite(PlayerId player, GroupId group, PlayerId target)
      implements GroupCommand<InviteResult> {}

  /** What an invite came to. */
  enum InviteResult {
    INVITED,
    REQUEST_APPROVED
  }

  /**
   * {@code Missing("not_found")}; {@code Denied}: {@code full}, which declines the invite; {@code
   * too_many_groups}, {@code banned}.
   */
  record AcceptInvite(PlayerId player, GroupInviteId invite, @Nullable String idempotencyKey)
      implements GroupCommand<AcceptResult> {}

  /**
   * @param alreadyMember whether the player was a member before
   */
  record AcceptResult(GroupMembership membership, boolean alreadyMember) {}

  /** {@code Missing("not_found")}. */
  record DeclineInvite(PlayerId player, GroupInviteId invite) implements GroupCommand<Done> {}

  /** {@code Missing("not_found")}, {@code Denied("not_owner")} for others than the sender. */
  record CancelInvite(PlayerId player, GroupInviteId invite) implements GroupCommand<Done> {}

  /**
   * Sends a notification to all other members, after this has been answered; one of the same sender
   * and title is replaced. Answers how many members it goes to: 0 if the title, the content or the
   * metadata are too long. {@code Missing("not_found")}, {@code Denied("not_member")}, {@code
   * Limited("too_many_notifications")}.
   */
  record NotifyAll(
      PlayerId player,
      GroupId group,
      String title,
      String content,
      Map<String, Object> metadata,
      @Nullable String idempotencyKey)
      implements GroupCommand<Integer> {}

  /** Part of {@link Forget}: removes what a player is to one group, as if they had left it. */
  record Remove(PlayerId player, GroupId group) implements GroupCommand<Done> {}

  /** Leaves all groups and deletes requests and invites, when the account is deleted. */
  record Forget(PlayerId player) implements GroupCommand<Done> {}
}
