package dev.rookery.group;

import dev.rookery.base.GroupId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.Revisions;
import dev.rookery.bus.Done;
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
  private final BatchOutcomes<GroupTask, Object> outcomes;

  private final GroupReadSet read;
  private final GroupWriteSet writes;
  private final GroupAdmissions admissions;
  private final Map<GroupTask, Scope> scopes = new IdentityHashMap<>();

  GroupBatch(Transaction tx, GroupDependencies dependencies, List<GroupTask> tasks) {
    this.tx = tx;
    this.rules = dependencies.rules();
    this.store = dependencies.store();
    this.memberships = dependencies.memberships();
    this.outcomes = new BatchOutcomes<>(tasks, GroupTask::idempotent, RETRY);
    this.read = new GroupReadSet(tx, dependencies);
    this.writes = new GroupWriteSet(tx, dependencies, read);
    this.admissions = new GroupAdmissions(tx, dependencies, read, writes);
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
    return outcomes.all(tx);
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
        Stored found = writes.existing(group);
        Revisions.mustBe(revision, found.group().updatedMs());
        yield change(found, settings);
      }
      case GroupCommand.Delete(var group) -> delete(writes.existing(group));
      case GroupCommand.Join(var player, var group, _) ->
          admissions.join(player, writes.existing(group));
      case GroupCommand.Leave(var player, var group, _) -> leave(player, group);
      case GroupCommand.Kick(var player, var group, var target, _) -> kick(player, group, target);
      case GroupCommand.Promote(var player, var group, var target) ->
          promote(player, group, target);
      case GroupCommand.Demote(var player, var group, var target) -> demote(player, group, target);
      case GroupCommand.ChangeRole(var group, var target, var admin) ->
          changeRole(writes.existing(group), target, admin);
      case GroupCommand.RemoveMember(var group, var target) ->
          removeMember(writes.existing(group), target);
      case GroupCommand.Approve(var player, var request) -> admissions.approve(player, request);
      case GroupCommand.Reject(var player, var request) -> admissions.reject(player, request);
      case GroupCommand.CancelRequest(var player, var request) ->
          admissions.cancelRequest(player, request);
      case GroupCommand.Invite(var player, var group, var target) ->
          admissions.invite(player, writes.existing(group), target);
      case GroupCommand.AcceptInvite(var player, var invite, _) ->
          admissions.accept(player, invite);
      case GroupCommand.DeclineInvite(var player, var invite) -> admissions.decline(player, invite);
      case GroupCommand.CancelInvite(var player, var invite) ->
          admissions.cancelInvite(player, invite);
      case GroupCommand.NotifyAll notify -> notifyAll(notify);
      case GroupCommand.Remove(var player, var group) -> remove(player, group);
      case GroupCommand.Forget _ ->
          throw new IllegalArgumentException("Forget is carried out by other commands");
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

  private int notifyAll(GroupCommand.NotifyAll notify) {
    Group group = writes.existing(notify.group()).group();
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

  private static Refused titleTaken() {
    return Refused.invalid("title", "has already been taken");
  }
}
