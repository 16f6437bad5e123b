package dev.rookery.group;

import dev.rookery.base.GroupId;
import dev.rookery.base.GroupInviteId;
import dev.rookery.base.GroupMembershipId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.Topic;
import dev.rookery.bus.Done;
import dev.rookery.group.GroupCommand.AcceptResult;
import dev.rookery.group.GroupCommand.InviteResult;
import dev.rookery.group.GroupInvite.State;
import dev.rookery.group.GroupReadSet.Scope;
import dev.rookery.group.GroupRules.Values;
import dev.rookery.group.GroupStore.Stored;
import dev.rookery.notification.NotificationWriter;
import dev.rookery.notification.NotificationWriter.Draft;
import dev.rookery.player.PlayerSummary;
import dev.rookery.player.Players;
import dev.rookery.store.BatchOutcomes;
import dev.rookery.store.Batcher.Outcome;
import dev.rookery.store.Transaction;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
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

  /** How many pending invites to a group that is deleted a transaction cancels. */
  static final int INVITES_CANCELLED_AT_ONCE = 100;

  /** How many admins are notified of a request to join: those who joined first. */
  private static final int ADMINS_TOLD_MAX = 100;

  private final Transaction tx;
  private final GroupDependencies dependencies;
  private final GroupRules rules;
  private final NotificationWriter notifications;
  private final GroupStore store;
  private final MembershipStore memberships;
  private final InviteStore invites;
  private final NoticeStore notices;
  private final BatchOutcomes<GroupTask, Object> outcomes;

  private final GroupReadSet read;
  private final Map<GroupTask, Scope> scopes = new IdentityHashMap<>();
  // As the commands before have left them.
  private final Map<GroupId, Stored> groups = new HashMap<>();
  private final GroupTotalStore.Changes totals = new GroupTotalStore.Changes();
  private final Map<GroupChange, Integer> changes = new EnumMap<>(GroupChange.class);

  GroupBatch(Transaction tx, GroupDependencies dependencies, List<GroupTask> tasks) {
    this.tx = tx;
    this.dependencies = dependencies;
    this.rules = dependencies.rules();
    this.notifications = dependencies.notifications();
    this.store = dependencies.store();
    this.memberships = dependencies.memberships();
    this.invites = dependencies.invites();
    this.notices = dependencies.notices();
    this.outcomes = new BatchOutcomes<>(tasks, GroupTask::idempotent, RETRY);
    this.read = new GroupReadSet(tx, dependencies);
  }

  List<Outcome<Object>> carryOut() {
    outcomes.answerRepeated(tx, (answers, task) -> task.repeated(answers));
    outcomes.attempt(outcomes.open(), task -> scopes.put(task, read.scope(task.command())));
    List<GroupTask> open = outcomes.open();
    if (!open.isEmpty()) {
      read.lock(open.stream().map(task -> Objects.requireNonNull(scopes.get(task))).toList());
      groups.putAll(read.groups());
      outcomes.attempt(open, task -> outcomes.done(task, carryOut(task.command())));
      dependencies.totals().save(tx, totals);
      outcomes.remember(tx, open, (_, result) -> result);
    }
    return outcomes.all();
  }

  /** How often each change was made. */
  Map<GroupChange, Integer> changes() {
    return changes;
  }

  // Carry out.

  private Object carryOut(GroupCommand<?> command) {
    return switch (command) {
      case GroupCommand.Create create -> create(create);
      case GroupCommand.Update(var player, var group, var settings) -> {
        Stored stored = groups.get(group);
        GroupRules.mustBeAdmin(stored == null ? null : read.role(group, player));
        Stored found = Objects.requireNonNull(stored);
        GroupRules.mustHoldMembers(settings, found.group().members());
        yield change(found, settings);
      }
      case GroupCommand.UpdateAny(var group, var settings) -> change(open(group), settings);
      case GroupCommand.Delete(var group) -> delete(open(group));
      case GroupCommand.Join(var player, var group, _) -> join(player, open(group));
      case GroupCommand.Leave(var player, var group, _) -> leave(player, group);
      case GroupCommand.Kick(var player, var group, var target, _) -> kick(player, group, target);
      case GroupCommand.Promote(var player, var group, var target) ->
          promote(player, group, target);
      case GroupCommand.Demote(var player, var group, var target) -> demote(player, group, target);
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
    Stored stored =
        store.insert(tx, values, player, creator.displayName()).orElseThrow(GroupBatch::titleTaken);
    Group group = stored.group();
    memberships.insert(tx, group.id(), player, GroupRole.OWNER);
    totals.add(group.id(), group.type(), 1);
    append(group.id(), new GroupEvent.Created(group));
    count(GroupChange.CREATED);
    return group;
  }

  private Group change(Stored stored, GroupCommand.Settings settings) {
    Group before = stored.group();
    Values values = rules.change(Values.of(before), settings);
    String title = Objects.requireNonNull(values.title());
    if (!title.equals(before.title()) && store.isTitleTaken(tx, title, before.id())) {
      throw titleTaken();
    }
    Stored changed = stored.with(values, tx.now().toEpochMilli());
    store.saveSettings(tx, changed.group());
    groups.put(before.id(), changed);
    totals.add(before.id(), before.type(), -1);
    totals.add(before.id(), changed.group().type(), 1);
    append(before.id(), new GroupEvent.Updated(changed.group(), before.hidden()));
    count(GroupChange.UPDATED);
    return changed.group();
  }

  private Object delete(Stored stored) {
    Group group = stored.group();
    List<InviteStore.Pair> cancelled =
        invites.deletePending(tx, group.id(), INVITES_CANCELLED_AT_ONCE);
    cancelled.stream()
        .flatMap(invite -> Stream.of(invite.sender(), invite.recipient()))
        .distinct()
        .sorted(Players.BY_ID)
        .forEach(
            player ->
                tx.append(
                    Topic.player(player),
                    new GroupEvent.InviteCancelled(group.id(), player, group.title())));
    if (cancelled.size() == INVITES_CANCELLED_AT_ONCE) {
      return UNFINISHED;
    }
    close(group);
    return Done.DONE;
  }

  private void close(Group group) {
    memberships.deleteAll(tx, group.id());
    invites.deleteAll(tx, group.id());
    notices.deleteAll(tx, group.id());
    store.close(tx, group.id());
    groups.remove(group.id());
    totals.add(group.id(), group.type(), -1);
    append(group.id(), new GroupEvent.Closed(group));
    count(GroupChange.CLOSED);
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
        GroupMembership joined = admit(stored, found, player);
        settleInvite(group, player);
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
    List<Draft> drafts =
        memberships.admins(tx, group.id(), player, ADMINS_TOLD_MAX).stream()
            .map(
                admin ->
                    GroupNotifications.requested(group, admin.player(), player, read.name(player)))
            .toList();
    GroupMembership requested;
    if (found == null) {
      requested = memberships.insert(tx, group.id(), player, GroupRole.REQUESTED);
      // The player may have cancelled a request of which the admins have the notification still.
      notifications.putUnlessUnread(tx, drafts);
    } else {
      requested = found.in(GroupRole.REQUESTED);
      memberships.save(tx, requested);
      notifications.putAll(tx, drafts);
    }
    count(GroupChange.REQUESTED);
    return requested;
  }

  /** Makes a player a member; the caller has checked that they may. */
  private GroupMembership admit(Stored stored, @Nullable GroupMembership found, PlayerId player) {
    Group group = stored.group();
    GroupMembership joined;
    if (found == null) {
      joined = memberships.insert(tx, group.id(), player, GroupRole.MEMBER);
    } else {
      joined = found.joined(GroupRole.MEMBER, tx.now().toEpochMilli());
      memberships.save(tx, joined);
    }
    save(stored.with(group.members() + 1, stored.admins(), group.creator(), group.creatorName()));
    append(group.id(), new GroupEvent.Joined(group.id(), player, read.name(player)));
    count(GroupChange.JOINED);
    return joined;
  }

  /** A player who has joined has accepted the invite that they held, if any. */
  private void settleInvite(Group group, PlayerId player) {
    invites
        .find(tx, group.id(), player)
        .filter(invite -> invite.state() == State.PENDING)
        .ifPresent(invite -> settle(group, invite));
  }

  private void settle(Group group, GroupInvite invite) {
    PlayerId by = invite.recipient();
    invites.save(tx, invite, State.ACCEPTED);
    tell(GroupNotifications.inviteAccepted(group, invite.sender(), by, read.name(by)));
    tx.append(
        Topic.player(invite.sender()),
        new GroupEvent.InviteAccepted(group.id(), invite.sender(), by));
    count(GroupChange.INVITE_ACCEPTED);
  }

  private Done leave(PlayerId player, GroupId id) {
    Stored stored = groups.get(id);
    @Nullable GroupMembership found = stored == null ? null : read.membership(id, player);
    if (stored == null || found == null || !found.role().isMember()) {
      throw Refused.conflict("not_member");
    }
    depart(stored, found);
    return Done.DONE;
  }

  /** A member leaves; the group is passed on if it has to be, or closed. */
  private void depart(Stored stored, GroupMembership member) {
    Group group = stored.group();
    PlayerId player = member.player();
    var left = new GroupEvent.Left(group.id(), player, read.name(player));
    count(GroupChange.LEFT);
    if (group.members() <= 1) {
      append(group.id(), left);
      close(group);
      return;
    }
    Stored passedOn = passOn(stored, member);
    memberships.delete(tx, member);
    Group after = passedOn.group();
    save(
        passedOn.with(
            after.members() - 1, passedOn.admins(), after.creator(), after.creatorName()));
    append(group.id(), left);
  }

  /** The group without one of its admins, if that is what the member is, and not without any. */
  private Stored passOn(Stored stored, GroupMembership member) {
    Group group = stored.group();
    PlayerId player = member.player();
    boolean creator = player.equals(group.creator());
    int admins = stored.admins() - (member.role().isAdmin() ? 1 : 0);
    GroupMembership successor;
    if (admins == 0) {
      GroupMembership first = memberships.firstMember(tx, group.id(), player).orElseThrow();
      successor = first.in(creator ? GroupRole.OWNER : GroupRole.ADMIN);
      admins = 1;
      PlayerId promoted = successor.player();
      append(group.id(), new GroupEvent.Promoted(group.id(), promoted, read.nameOf(promoted)));
      count(GroupChange.PROMOTED);
    } else if (creator) {
      successor = memberships.admins(tx, group.id(), player, 1).getFirst().in(GroupRole.OWNER);
    } else {
      return stored.with(group.members(), admins, group.creator(), group.creatorName());
    }
    memberships.save(tx, successor);
    return creator
        ? stored.with(group.members(), admins, successor.player(), read.nameOf(successor.player()))
        : stored.with(group.members(), admins, group.creator(), group.creatorName());
  }

  private Done kick(PlayerId player, GroupId id, PlayerId target) {
    Stored stored = administered(player, id);
    if (player.equals(target)) {
      throw Refused.denied("cannot_kick_self");
    }
    GroupMembership found = member(id, target);
    Group group = stored.group();
    memberships.delete(tx, found);
    int admins = stored.admins() - (found.role().isAdmin() ? 1 : 0);
    save(stored.with(group.members() - 1, admins, group.creator(), group.creatorName()));
    append(id, new GroupEvent.Kicked(id, target, read.name(target), player));
    tell(GroupNotifications.kicked(group, player, target));
    count(GroupChange.KICKED);
    return Done.DONE;
  }

  private GroupMembership promote(PlayerId player, GroupId id, PlayerId target) {
    Stored stored = administered(player, id);
    if (player.equals(target)) {
      throw Refused.denied("cannot_promote_self");
    }
    GroupMembership found = member(id, target);
    if (found.role().isAdmin()) {
      throw Refused.denied("already_admin");
    }
    GroupMembership promoted = setRole(stored, found, GroupRole.ADMIN);
    append(id, new GroupEvent.Promoted(id, target, read.name(target)));
    tell(GroupNotifications.promoted(stored.group(), player, target));
    count(GroupChange.PROMOTED);
    return promoted;
  }

  private GroupMembership demote(PlayerId player, GroupId id, PlayerId target) {
    Stored stored = administered(player, id);
    if (player.equals(target)) {
      throw Refused.denied("cannot_demote_self");
    }
    GroupMembership found = member(id, target);
    if (!found.role().isAdmin()) {
      throw Refused.denied("already_member");
    }
    GroupMembership demoted = setRole(stored, found, GroupRole.MEMBER);
    append(id, new GroupEvent.Demoted(id, target, read.name(target)));
    tell(GroupNotifications.demoted(stored.group(), player, target));
    count(GroupChange.DEMOTED);
    return demoted;
  }

  private GroupMembership setRole(Stored stored, GroupMembership found, GroupRole role) {
    GroupMembership changed = found.in(role);
    memberships.save(tx, changed);
    Group group = stored.group();
    int admins = stored.admins() + (role.isAdmin() ? 1 : -1);
    save(stored.with(group.members(), admins, group.creator(), group.creatorName()));
    return changed;
  }

  private GroupMembership approve(PlayerId player, GroupMembershipId id) {
    GroupMembership request = pending(player, id);
    return approve(player, open(request.group()), request);
  }

  private GroupMembership approve(PlayerId player, Stored stored, GroupMembership request) {
    Group group = stored.group();
    PlayerId requester = request.player();
    read.existing(requester, "not_found");
    GroupRules.mustHaveRoom(group);
    var approved = new GroupEvent.RequestApproved(group.id(), requester, read.name(requester));
    append(group.id(), approved);
    GroupMembership joined = admit(stored, request, requester);
    tx.append(Topic.player(requester), approved);
    tell(GroupNotifications.approved(group, player, read.name(player), requester));
    settleInvite(group, requester);
    count(GroupChange.REQUEST_APPROVED);
    return joined;
  }

  private GroupMembership reject(PlayerId player, GroupMembershipId id) {
    GroupMembership request = pending(player, id);
    Group group = open(request.group()).group();
    GroupMembership rejected = request.in(GroupRole.DECLINED);
    memberships.save(tx, rejected);
    PlayerId requester = request.player();
    var event = new GroupEvent.RequestRejected(group.id(), requester, read.name(requester));
    append(group.id(), event);
    tx.append(Topic.player(requester), event);
    tell(GroupNotifications.declined(group, player, requester));
    count(GroupChange.REQUEST_REJECTED);
    return rejected;
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

  /** The notifications of the admins stay (contract, section 11.8). */
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
    memberships.delete(tx, request);
    count(GroupChange.REQUEST_CANCELLED);
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
    if (dependencies.friends().isBlocked(tx, player, target)) {
      throw Refused.denied("blocked");
    }
    if (found != null && found.role() == GroupRole.REQUESTED) {
      approve(player, stored, found);
      return InviteResult.REQUEST_APPROVED;
    }
    Optional<GroupInvite> earlier = invites.find(tx, group.id(), target);
    boolean replaces = earlier.filter(one -> one.state() == State.PENDING).isPresent();
    rules.mayBeInvited(invites.countReceived(tx, target) - (replaces ? 1 : 0));
    earlier.ifPresent(one -> replaceInvite(one, player));
    invites.insert(tx, group.id(), player, target);
    tell(GroupNotifications.invited(group, player, read.name(player), target, read.name(target)));
    count(GroupChange.INVITED);
    return InviteResult.INVITED;
  }

  private void replaceInvite(GroupInvite earlier, PlayerId sender) {
    if (earlier.state() == State.PENDING && !earlier.sender().equals(sender)) {
      retract(earlier);
    }
    invites.delete(tx, earlier);
  }

  private AcceptResult accept(PlayerId player, GroupInviteId id) {
    GroupInvite invite = received(player, id);
    Stored stored = open(invite.group());
    Group group = stored.group();
    read.existing(player, "player_not_found");
    @Nullable GroupMembership found = read.membership(group.id(), player);
    if (found != null && found.role().isMember()) {
      invites.save(tx, invite, State.ACCEPTED);
      return new AcceptResult(found, true);
    }
    GroupRules.mustNotBeBanned(found == null ? null : found.role());
    if (group.members() >= group.membersMax()) {
      decline(group, invite, true);
    }
    GroupRules.mustHaveRoom(group);
    rules.mustHaveRoom(memberships.countMemberOf(tx, player));
    GroupMembership joined = admit(stored, found, player);
    settle(group, invite);
    return new AcceptResult(joined, false);
  }

  private Done decline(PlayerId player, GroupInviteId id) {
    GroupInvite invite = received(player, id);
    decline(open(invite.group()).group(), invite, false);
    return Done.DONE;
  }

  private void decline(Group group, GroupInvite invite, boolean full) {
    PlayerId by = invite.recipient();
    invites.save(tx, invite, State.DECLINED);
    retract(invite);
    tell(GroupNotifications.inviteDeclined(group, invite.sender(), by, read.name(by), full));
    count(GroupChange.INVITE_DECLINED);
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
    invites.delete(tx, invite);
    retract(invite);
    count(GroupChange.INVITE_CANCELLED);
    return Done.DONE;
  }

  private GroupInvite received(PlayerId player, GroupInviteId id) {
    GroupInvite invite = read.find(id);
    if (!invite.recipient().equals(player) || invite.state() != State.PENDING) {
      throw missing();
    }
    return invite;
  }

  private void retract(GroupInvite invite) {
    notifications.retractAll(tx, List.of(GroupNotifications.retraction(invite)));
  }

  private int notifyAll(GroupCommand.NotifyAll notify) {
    Group group = open(notify.group()).group();
    @Nullable GroupRole role = read.role(group.id(), notify.player());
    GroupRules.mustSee(group, role);
    if (role == null || !role.isMember()) {
      throw Refused.denied("not_member");
    }
    Map<String, Object> metadata = GroupNotifications.toAll(group, notify.metadata());
    if (group.members() <= 1 || !rules.canNotify(notify.title(), notify.content(), metadata)) {
      return 0;
    }
    notices.insert(tx, group.id(), notify.player(), notify.title(), notify.content(), metadata);
    count(GroupChange.NOTIFIED);
    return group.members() - 1;
  }

  private Done remove(PlayerId player, GroupId id) {
    Stored stored = groups.get(id);
    @Nullable GroupMembership found = stored == null ? null : read.membership(id, player);
    if (stored != null && found != null) {
      if (found.role().isMember()) {
        depart(stored, found);
      } else {
        memberships.delete(tx, found);
      }
    }
    store.forgetCreator(tx, player, id);
    return Done.DONE;
  }

  // Look up.

  private Stored open(GroupId id) {
    Stored stored = groups.get(id);
    if (stored == null) {
      throw missing();
    }
    return stored;
  }

  /** The group, if the player is an admin of it. */
  private Stored administered(PlayerId player, GroupId id) {
    Stored stored = groups.get(id);
    GroupRules.mustBeAdmin(stored == null ? null : read.role(id, player));
    return Objects.requireNonNull(stored);
  }

  private GroupMembership member(GroupId id, PlayerId player) {
    @Nullable GroupMembership found = read.membership(id, player);
    GroupRules.mustBeMember(found == null ? null : found.role());
    return Objects.requireNonNull(found);
  }

  // Write.

  private void save(Stored stored) {
    store.saveCounts(tx, stored);
    groups.put(stored.group().id(), stored);
  }

  private void append(GroupId group, GroupEvent event) {
    tx.append(Topic.group(group), event);
  }

  private void tell(Draft draft) {
    notifications.putAll(tx, List.of(draft));
  }

  private void count(GroupChange change) {
    changes.merge(change, 1, Integer::sum);
  }

  private static Refused missing() {
    return Refused.missing("not_found");
  }

  private static Refused titleTaken() {
    return Refused.invalid("title", "has already been taken");
  }
}
