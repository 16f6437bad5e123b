package dev.rookery.group;

import dev.rookery.base.GroupInviteId;
import dev.rookery.base.GroupMembershipId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Done;
import dev.rookery.friend.Friends;
import dev.rookery.group.GroupCommand.AcceptResult;
import dev.rookery.group.GroupCommand.InviteResult;
import dev.rookery.group.GroupInvite.State;
import dev.rookery.group.GroupStore.Stored;
import dev.rookery.store.Transaction;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How players become members of a group, for the commands of a {@link GroupBatch}: at once, by a
 * request that an admin approves, or by an invite of an admin.
 */
final class GroupAdmissions {
  private final Transaction tx;
  private final GroupRules rules;
  private final MembershipStore memberships;
  private final InviteStore invites;
  private final Friends friends;
  private final GroupReadSet read;
  private final GroupWriteSet writes;

  GroupAdmissions(
      Transaction tx, GroupDependencies dependencies, GroupReadSet read, GroupWriteSet writes) {
    this.tx = tx;
    this.rules = dependencies.rules();
    this.memberships = dependencies.memberships();
    this.invites = dependencies.invites();
    this.friends = dependencies.friends();
    this.read = read;
    this.writes = writes;
  }

  GroupMembership join(PlayerId player, Stored stored) {
    Group group = stored.group();
    read.existing(player, "player_not_found");
    @Nullable GroupMembership found = read.membership(group.id(), player);
    @Nullable GroupRole role = found == null ? null : found.role();
    GroupRules.mustSee(group, role);
    GroupRules.mustNotBeBanned(role);
    return switch (group.type()) {
      case HIDDEN -> throw Refused.denied("not_joinable");
      case PUBLIC -> {
        if (found != null && found.role().isMember()) {
          yield found;
        }
        GroupRules.mustHaveRoom(group);
        rules.mustHaveRoom(memberships.countMemberOf(tx, player));
        GroupMembership joined = writes.admit(stored, found, player);
        writes.invites().settle(group, player);
        yield joined;
      }
      case PRIVATE -> ask(group, found, player);
    };
  }

  private GroupMembership ask(Group group, @Nullable GroupMembership found, PlayerId player) {
    if (found != null && found.role().isMember()) {
      throw Refused.denied("already_member");
    }
    if (found != null && found.role() == GroupRole.REQUESTED) {
      return found;
    }
    return writes.request(group, found, player);
  }

  GroupMembership approve(PlayerId player, GroupMembershipId id) {
    GroupMembership request = pending(player, id);
    return approve(player, writes.existing(request.group()), request);
  }

  private GroupMembership approve(PlayerId player, Stored stored, GroupMembership request) {
    read.existing(request.player(), "not_found");
    GroupRules.mustHaveRoom(stored.group());
    return writes.approve(stored, request, player);
  }

  GroupMembership reject(PlayerId player, GroupMembershipId id) {
    GroupMembership request = pending(player, id);
    return writes.reject(writes.existing(request.group()).group(), request, player);
  }

  /** A pending request about which the player, an admin of the group, decides. */
  private GroupMembership pending(PlayerId player, GroupMembershipId id) {
    GroupMembership request = read.find(id);
    Stored stored = writes.existing(request.group());
    @Nullable GroupRole role = read.role(request.group(), player);
    GroupRules.mustSee(stored.group(), role);
    GroupRules.mustBePending(request);
    GroupRules.mustBeAdmin(role);
    return request;
  }

  GroupMembership cancelRequest(PlayerId player, GroupMembershipId id) {
    GroupMembership request = read.find(id);
    boolean own = request.player().equals(player);
    if (!own) {
      GroupRules.mustSee(
          writes.existing(request.group()).group(), read.role(request.group(), player));
    }
    GroupRules.mustBePending(request);
    if (!own) {
      throw Refused.denied("not_owner");
    }
    writes.cancel(request);
    return request;
  }

  InviteResult invite(PlayerId player, Stored stored, PlayerId target) {
    Group group = stored.group();
    @Nullable GroupRole role = read.role(group.id(), player);
    GroupRules.mustSee(group, role);
    GroupRules.mustBeAdmin(role);
    read.existing(target, "user_not_found");
    @Nullable GroupMembership found = read.membership(group.id(), target);
    if (found != null && found.role().isMember()) {
      throw Refused.denied("already_member");
    }
    GroupRules.mustNotBeBanned(found == null ? null : found.role());
    if (friends.isBlocked(tx, player, target)) {
      throw Refused.denied("blocked");
    }
    if (found != null && found.role() == GroupRole.REQUESTED) {
      approve(player, stored, found);
      return InviteResult.REQUEST_APPROVED;
    }
    Optional<GroupInvite> earlier = invites.find(tx, group.id(), target);
    boolean replaces = earlier.filter(one -> one.state() == State.PENDING).isPresent();
    rules.mayBeInvited(invites.countReceived(tx, target) - (replaces ? 1 : 0));
    writes.invites().invite(group, earlier.orElse(null), player, target);
    return InviteResult.INVITED;
  }

  AcceptResult accept(PlayerId player, GroupInviteId id) {
    GroupInvite invite = received(player, id);
    Stored stored = writes.existing(invite.group());
    Group group = stored.group();
    read.existing(player, "player_not_found");
    @Nullable GroupMembership found = read.membership(group.id(), player);
    if (found != null && found.role().isMember()) {
      writes.invites().acceptSilently(invite);
      return new AcceptResult(found, true);
    }
    GroupRules.mustNotBeBanned(found == null ? null : found.role());
    if (group.members() >= group.membersMax()) {
      writes.invites().decline(group, invite, true);
    }
    GroupRules.mustHaveRoom(group);
    rules.mustHaveRoom(memberships.countMemberOf(tx, player));
    GroupMembership joined = writes.admit(stored, found, player);
    writes.invites().accept(group, invite);
    return new AcceptResult(joined, false);
  }

  Done decline(PlayerId player, GroupInviteId id) {
    GroupInvite invite = received(player, id);
    writes.invites().decline(writes.existing(invite.group()).group(), invite, false);
    return Done.DONE;
  }

  Done cancelInvite(PlayerId player, GroupInviteId id) {
    GroupInvite invite = read.find(id);
    Group group = writes.existing(invite.group()).group();
    boolean own = invite.sender().equals(player);
    if (!own && !invite.recipient().equals(player)) {
      GroupRules.mustSee(group, read.role(group.id(), player));
    }
    if (invite.state() != State.PENDING) {
      throw Refused.missing("not_found");
    }
    if (!own) {
      throw Refused.denied("not_owner");
    }
    writes.invites().cancel(invite);
    return Done.DONE;
  }

  private GroupInvite received(PlayerId player, GroupInviteId id) {
    GroupInvite invite = read.find(id);
    if (!invite.recipient().equals(player) || invite.state() != State.PENDING) {
      throw Refused.missing("not_found");
    }
    return invite;
  }
}
