package dev.rookery.group;

import dev.rookery.base.GroupId;
import dev.rookery.base.GroupInviteId;
import dev.rookery.base.GroupMembershipId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.Revisions;
import dev.rookery.bus.Done;
import dev.rookery.friend.Friends;
import dev.rookery.group.GroupCommand.AcceptResult;
import dev.rookery.group.GroupCommand.InviteResult;
import dev.rookery.group.GroupInvite.State;
import dev.rookery.group.GroupReadSet.Scope;
import dev.rookery.group.GroupRules.Values;
import dev.rookery.group.GroupStore.Stored;
import dev.rookery.notification.MutedSenders;
import dev.rookery.player.PlayerSummary;
import dev.rookery.store.BatchOutcomes;
import dev.rookery.store.Batcher.Outcome;
import dev.rookery.store.Transaction;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One transaction for the group commands that waited at the same time: the groups of all of them
 * are locked by ascending id, then the players, and then each command is carried out in the order
 * of arrival, so each sees what those before it did.
 *
 * <p>A command checks everything before it changes anything, so a refused one leaves nothing
 * behind. The one exception is an invite that is accepted when the group is full: it is declined.
 */
final class GroupBatch {
  /** Thrown by a command that has to be retried in the next batch. */
  static final Refused RETRY = new Refused(new Refusal.Unavailable("busy"));

  /**
   * The result of {@link GroupCommand.Delete} when the group has more pending invites than one
   * transaction cancels: the command has to be carried out again.
   */
  static final Object UNFINISHED = new Object();

  private static final MutedSenders MUTES = new MutedSenders();

  private final Transaction tx;
  private final GroupRules rules;
  private final GroupStore store;
  private final MembershipStore memberships;
  private final InviteStore invites;
  private final Friends friends;
  private final BatchOutcomes<GroupTask, Object> outcomes;

  private final GroupReadSet read;
  private final GroupWriteSet writes;
  private final Map<GroupTask, Scope> scopes = new IdentityHashMap<>();

  GroupBatch(Transaction tx, GroupDependencies dependencies, List<GroupTask> tasks) {
    this.tx = tx;
    this.rules = dependencies.rules();
    this.store = dependencies.store();
    this.memberships = dependencies.memberships();
    this.invites = dependencies.invites();
    this.friends = dependencies.friends();
    this.outcomes = new BatchOutcomes<>(tasks, GroupTask::idempotent, RETRY);
    this.read = new GroupReadSet(tx, dependencies);
    this.writes = new GroupWriteSet(tx, dependencies, read);
  }

  List<Outcome<Object>> carryOut() {
    outcomes.answerRepeated(tx, (answers, task) -> task.repeated(answers));
    outcomes.attempt(outcomes.open(), task -> scopes.put(task, read.scope(task.command())));
    List<GroupTask> open = outcomes.open();
    if (!open.isEmpty()) {
      read.lock(open.stream().map(task -> Objects.requireNonNull(scopes.get(task))).toList());
      writes.begin();
      outcomes.attempt(open, task -> outcomes.done(task, carryOut(task.command())));
      writes.saveTotals();
      outcomes.remember(tx, open, (_, result) -> result);
    }
    return outcomes.all();
  }

  /** How often each change was made. */
  Map<GroupChange, Integer> changes() {
    return writes.changes();
  }

  // Carry out.

  private Object carryOut(GroupCommand<?> command) {
    return switch (command) {
      case GroupCommand.Create create -> create(create);
      case GroupCommand.Update(var player, var group, var settings) -> {
        Stored stored = writes.group(group);
        GroupRules.mustBeAdmin(stored == null ? null : read.role(group, player));
        Stored found = Objects.requireNonNull(stored);
        GroupRules.mustHoldMembers(settings, found.group().members());
        yield change(found, settings);
      }
      case GroupCommand.UpdateAny(var group, var settings, var revision) -> {
        Stored found = open(group);
        Revisions.mustBe(revision, found.group().updatedMs());
        yield change(found, settings);
      }
      case GroupCommand.Delete(var group) -> delete(open(group));
      case GroupCommand.Join(var player, var group, _) -> join(player, open(group));
      case GroupCommand.Leave(var player, var group, _) -> leave(player, group);
      case GroupCommand.Kick(var player, var group, var target, _) -> kick(player, group, target);
      case GroupCommand.Promote(var player, var group, var target) ->
          promote(player, group, target);
      case GroupCommand.Demote(var player, var group, var target) -> demote(player, group, target);
      case GroupCommand.ChangeRole(var group, var target, var admin) ->
          changeRole(open(group), target, admin);
      case GroupCommand.RemoveMember(var group, var target) -> removeMember(open(group), target);
      case GroupCommand.Approve(var player, var request) -> approve(player, request);
      case GroupCommand.Reject(var player, var request) -> reject(player, request);
      case GroupCommand.CancelRequest(var player, var request) -> cancelRequest(player, request);
      case GroupCommand.Invite(var player, var group, var target) ->
          invite(player, open(group), target);
      case GroupCommand.AcceptInvite(var player, var invite, _) -> accept(player, invite);
      case GroupCommand.DeclineInvite(var player, var invite) -> decline(player, invite);
      case GroupCommand.CancelInvite(var player, var invite) -> cancelInvite(player, invite);
      case GroupCommand.NotifyAll notify -> notifyAll(notify);
      case GroupCommand.Remove(var player, var group) -> remove(player, group);
      case GroupCommand.Forget _ -> throw new IllegalArgumentException("made of others");
    };
  }

  private Group create(GroupCommand.Create create) {
    PlayerId player = create.player();
    PlayerSummary creator = read.existing(player, "player_not_found");
    rules.mayCreate(memberships.countAdminOf(tx, player));
    Values values = rules.create(create.settings());
    return writes.create(values, player, creator).orElseThrow(GroupBatch::titleTaken);
  }

  private Group change(Stored stored, GroupCommand.Settings settings) {
    Group before = stored.group();
    Values values = rules.change(Values.of(before), settings);
    String title = Objects.requireNonNull(values.title());
    if (!title.equals(before.title()) && store.isTitleTaken(tx, title, before.id())) {
      throw titleTaken();
    }
    return writes.update(stored, values);
  }

  private Object delete(Stored stored) {
    return writes.delete(stored.group()) ? Done.DONE : UNFINISHED;
  }

  private GroupMembership join(PlayerId player, Stored stored) {
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
        writes.settleInvite(group, player);
        yield joined;
      }
      case PRIVATE -> request(group, found, player);
    };
  }

  private GroupMembership request(Group group, @Nullable GroupMembership found, PlayerId player) {
    if (found != null && found.role().isMember()) {
      throw Refused.denied("already_member");
    }
    if (found != null && found.role() == GroupRole.REQUESTED) {
      return found;
    }
    return writes.request(group, found, player);
  }

  private Done leave(PlayerId player, GroupId id) {
    Stored stored = writes.group(id);
    @Nullable GroupMembership found = stored == null ? null : read.membership(id, player);
    if (stored == null || found == null || !found.role().isMember()) {
      throw Refused.conflict("not_member");
    }
    writes.leave(stored, found);
    return Done.DONE;
  }

  private Done kick(PlayerId player, GroupId id, PlayerId target) {
    Stored stored = administered(player, id);
    if (player.equals(target)) {
      throw Refused.denied("cannot_kick_self");
    }
    writes.kick(stored, member(id, target), player);
    return Done.DONE;
  }

  private GroupMembership promote(PlayerId player, GroupId id, PlayerId target) {
    Stored stored = administered(player, id);
    if (player.equals(target)) {
      throw Refused.denied("cannot_promote_self");
    }
    return promote(stored, target, player);
  }

  private GroupMembership promote(Stored stored, PlayerId target, PlayerId by) {
    GroupMembership found = member(stored.group().id(), target);
    if (found.role().isAdmin()) {
      throw Refused.denied("already_admin");
    }
    return writes.promote(stored, found, by);
  }

  private GroupMembership demote(PlayerId player, GroupId id, PlayerId target) {
    Stored stored = administered(player, id);
    if (player.equals(target)) {
      throw Refused.denied("cannot_demote_self");
    }
    return demote(stored, target, player);
  }

  private GroupMembership demote(Stored stored, PlayerId target, PlayerId by) {
    GroupMembership found = member(stored.group().id(), target);
    if (!found.role().isAdmin()) {
      throw Refused.denied("already_member");
    }
    return writes.demote(stored, found, by);
  }

  private GroupMembership changeRole(Stored stored, PlayerId target, boolean admin) {
    GroupId id = stored.group().id();
    PlayerId by =
        memberships.admins(tx, id, target, 1).stream()
            .map(GroupMembership::player)
            .findFirst()
            .orElseThrow(() -> Refused.conflict("the_only_admin"));
    return admin ? promote(stored, target, by) : demote(stored, target, by);
  }

  private Done removeMember(Stored stored, PlayerId target) {
    writes.leave(stored, member(stored.group().id(), target));
    return Done.DONE;
  }

  private GroupMembership approve(PlayerId player, GroupMembershipId id) {
    GroupMembership request = pending(player, id);
    return approve(player, open(request.group()), request);
  }

  private GroupMembership approve(PlayerId player, Stored stored, GroupMembership request) {
    read.existing(request.player(), "not_found");
    GroupRules.mustHaveRoom(stored.group());
    return writes.approve(stored, request, player);
  }

  private GroupMembership reject(PlayerId player, GroupMembershipId id) {
    GroupMembership request = pending(player, id);
    return writes.reject(open(request.group()).group(), request, player);
  }

  /** A pending request about which the player, an admin of the group, decides. */
  private GroupMembership pending(PlayerId player, GroupMembershipId id) {
    GroupMembership request = read.find(id);
    Stored stored = open(request.group());
    @Nullable GroupRole role = read.role(request.group(), player);
    GroupRules.mustSee(stored.group(), role);
    GroupRules.mustBePending(request);
    GroupRules.mustBeAdmin(role);
    return request;
  }

  private GroupMembership cancelRequest(PlayerId player, GroupMembershipId id) {
    GroupMembership request = read.find(id);
    boolean own = request.player().equals(player);
    if (!own) {
      GroupRules.mustSee(open(request.group()).group(), read.role(request.group(), player));
    }
    GroupRules.mustBePending(request);
    if (!own) {
      throw Refused.denied("not_owner");
    }
    writes.cancel(request);
    return request;
  }

  private InviteResult invite(PlayerId player, Stored stored, PlayerId target) {
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
    writes.invite(group, earlier.orElse(null), player, target);
    return InviteResult.INVITED;
  }

  private AcceptResult accept(PlayerId player, GroupInviteId id) {
    GroupInvite invite = received(player, id);
    Stored stored = open(invite.group());
    Group group = stored.group();
    read.existing(player, "player_not_found");
    @Nullable GroupMembership found = read.membership(group.id(), player);
    if (found != null && found.role().isMember()) {
      writes.acceptSilently(invite);
      return new AcceptResult(found, true);
    }
    GroupRules.mustNotBeBanned(found == null ? null : found.role());
    if (group.members() >= group.membersMax()) {
      writes.decline(group, invite, true);
    }
    GroupRules.mustHaveRoom(group);
    rules.mustHaveRoom(memberships.countMemberOf(tx, player));
    GroupMembership joined = writes.admit(stored, found, player);
    writes.accept(group, invite);
    return new AcceptResult(joined, false);
  }

  private Done decline(PlayerId player, GroupInviteId id) {
    GroupInvite invite = received(player, id);
    writes.decline(open(invite.group()).group(), invite, false);
    return Done.DONE;
  }

  private Done cancelInvite(PlayerId player, GroupInviteId id) {
    GroupInvite invite = read.find(id);
    Group group = open(invite.group()).group();
    boolean own = invite.sender().equals(player);
    if (!own && !invite.recipient().equals(player)) {
      GroupRules.mustSee(group, read.role(group.id(), player));
    }
    if (invite.state() != State.PENDING) {
      throw missing();
    }
    if (!own) {
      throw Refused.denied("not_owner");
    }
    writes.cancel(invite);
    return Done.DONE;
  }

  private GroupInvite received(PlayerId player, GroupInviteId id) {
    GroupInvite invite = read.find(id);
    if (!invite.recipient().equals(player) || invite.state() != State.PENDING) {
      throw missing();
    }
    return invite;
  }

  private int notifyAll(GroupCommand.NotifyAll notify) {
    Group group = open(notify.group()).group();
    @Nullable GroupRole role = read.role(group.id(), notify.player());
    GroupRules.mustSee(group, role);
    if (role == null || !role.isMember()) {
      throw Refused.denied("not_member");
    }
    MUTES.mustNotBeMuted(tx, notify.player());
    Map<String, Object> metadata = GroupNotifications.toAll(group, notify.metadata());
    if (group.members() <= 1 || !rules.canNotify(notify.title(), notify.content(), metadata)) {
      return 0;
    }
    writes.notifyAll(group, notify, metadata);
    return group.members() - 1;
  }

  private Done remove(PlayerId player, GroupId id) {
    Stored stored = writes.group(id);
    @Nullable GroupMembership found = stored == null ? null : read.membership(id, player);
    if (stored != null && found != null) {
      if (found.role().isMember()) {
        writes.leave(stored, found);
      } else {
        writes.delete(found);
      }
    }
    writes.forgetCreator(player, id);
    return Done.DONE;
  }

  // Look up.

  private Stored open(GroupId id) {
    Stored stored = writes.group(id);
    if (stored == null) {
      throw missing();
    }
    return stored;
  }

  /** The group, if the player is an admin of it. */
  private Stored administered(PlayerId player, GroupId id) {
    Stored stored = writes.group(id);
    GroupRules.mustBeAdmin(stored == null ? null : read.role(id, player));
    return Objects.requireNonNull(stored);
  }

  private GroupMembership member(GroupId id, PlayerId player) {
    @Nullable GroupMembership found = read.membership(id, player);
    GroupRules.mustBeMember(found == null ? null : found.role());
    return Objects.requireNonNull(found);
  }

  private static Refused missing() {
    return Refused.missing("not_found");
  }

  private static Refused titleTaken() {
    return Refused.invalid("title", "has already been taken");
  }
}
