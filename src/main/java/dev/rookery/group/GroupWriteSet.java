package dev.rookery.group;

import dev.rookery.base.GroupId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.base.Revisions;
import dev.rookery.base.Topic;
import dev.rookery.group.GroupRules.Values;
import dev.rookery.group.GroupStore.Stored;
import dev.rookery.notification.NotificationWriter;
import dev.rookery.notification.NotificationWriter.Draft;
import dev.rookery.player.PlayerSummary;
import dev.rookery.store.Transaction;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the commands of a {@link GroupBatch} change: rows, events and notifications. Each change is
 * written at once, because the commands behind it read the rows that it leaves; only the totals of
 * the groups wait for the end.
 *
 * <p>No rule is checked here: a {@link GroupBatch} has decided that the player may.
 */
final class GroupWriteSet {
  /** How many admins are notified of a request to join: those who joined first. */
  private static final int ADMINS_TOLD_MAX = 100;

  private final Transaction tx;
  private final GroupReadSet read;
  private final NotificationWriter notifications;
  private final GroupStore store;
  private final MembershipStore memberships;
  private final InviteWriteSet invites;
  private final NoticeStore notices;
  private final GroupTotalStore totalStore;

  private final Map<GroupId, Stored> groups = new HashMap<>();
  private final GroupTotalStore.Changes totals = new GroupTotalStore.Changes();
  private final Map<GroupChange, Integer> changes = new EnumMap<>(GroupChange.class);

  GroupWriteSet(Transaction tx, GroupDependencies dependencies, GroupReadSet read) {
    this.tx = tx;
    this.read = read;
    this.notifications = dependencies.notifications();
    this.store = dependencies.store();
    this.memberships = dependencies.memberships();
    this.invites = new InviteWriteSet(tx, dependencies, read, this::count);
    this.notices = dependencies.notices();
    this.totalStore = dependencies.totals();
  }

  /** Begins with the groups as they were locked. */
  void begin() {
    groups.putAll(read.groups());
  }

  /** A locked group as the commands before have left it; null if it is closed. */
  @Nullable Stored group(GroupId id) {
    return groups.get(id);
  }

  /** As {@link #group}; {@code Missing("not_found")} if it is closed. */
  Stored existing(GroupId id) {
    Stored stored = groups.get(id);
    if (stored == null) {
      throw Refused.missing("not_found");
    }
    return stored;
  }

  /** What commands change of the invites to these groups. */
  InviteWriteSet invites() {
    return invites;
  }

  /** How often each change was made. */
  Map<GroupChange, Integer> changes() {
    return changes;
  }

  /** Writes the totals; last in the transaction. */
  void saveTotals() {
    totalStore.save(tx, totals);
  }

  // Groups.

  /** Creates a group with its owner; empty if the title is taken. */
  Optional<Group> create(Values values, PlayerId player, PlayerSummary creator) {
    return store
        .insert(tx, values, player, creator.displayName())
        .map(
            stored -> {
              Group group = stored.group();
              memberships.insert(tx, group.id(), player, GroupRole.OWNER);
              totals.add(group.id(), group.type(), 1);
              append(group.id(), new GroupEvent.Created(group));
              count(GroupChange.CREATED);
              return group;
            });
  }

  Group update(Stored stored, Values values) {
    Group before = stored.group();
    Stored changed =
        stored.with(values, Revisions.next(before.updatedMs(), tx.now().toEpochMilli()));
    store.saveSettings(tx, changed.group());
    groups.put(before.id(), changed);
    totals.add(before.id(), before.type(), -1);
    totals.add(before.id(), changed.group().type(), 1);
    append(before.id(), new GroupEvent.Updated(changed.group(), before.hidden()));
    count(GroupChange.UPDATED);
    return changed.group();
  }

  /** Closes a group and cancels its pending invites; false if there are too many for one call. */
  boolean delete(Group group) {
    if (!invites.cancelSome(group)) {
      return false;
    }
    close(group);
    return true;
  }

  private void close(Group group) {
    memberships.deleteAll(tx, group.id());
    invites.deleteAll(group);
    notices.deleteAll(tx, group.id());
    store.close(tx, group.id());
    groups.remove(group.id());
    totals.add(group.id(), group.type(), -1);
    append(group.id(), new GroupEvent.Closed(group));
    count(GroupChange.CLOSED);
  }

  void notifyAll(Group group, GroupCommand.NotifyAll notify, Map<String, Object> metadata) {
    notices.insert(tx, group.id(), notify.player(), notify.title(), notify.content(), metadata);
    count(GroupChange.NOTIFIED);
  }

  /** The player, who is deleted, is not shown as the creator any more. */
  void forgetCreator(PlayerId player, GroupId group) {
    store.forgetCreator(tx, player, group);
  }

  // Members.

  /** Makes a player a member. */
  GroupMembership admit(Stored stored, @Nullable GroupMembership found, PlayerId player) {
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

  /** A member leaves; the group is passed on if it has to be, or closed. */
  void leave(Stored stored, GroupMembership member) {
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

  void kick(Stored stored, GroupMembership member, PlayerId by) {
    Group group = stored.group();
    PlayerId target = member.player();
    memberships.delete(tx, member);
    int admins = stored.admins() - (member.role().isAdmin() ? 1 : 0);
    save(stored.with(group.members() - 1, admins, group.creator(), group.creatorName()));
    append(group.id(), new GroupEvent.Kicked(group.id(), target, read.name(target), by));
    tell(GroupNotifications.kicked(group, by, target));
    count(GroupChange.KICKED);
  }

  GroupMembership promote(Stored stored, GroupMembership member, PlayerId by) {
    Group group = stored.group();
    PlayerId target = member.player();
    GroupMembership promoted = setRole(stored, member, GroupRole.ADMIN);
    append(group.id(), new GroupEvent.Promoted(group.id(), target, read.name(target)));
    tell(GroupNotifications.promoted(group, by, target));
    count(GroupChange.PROMOTED);
    return promoted;
  }

  GroupMembership demote(Stored stored, GroupMembership admin, PlayerId by) {
    Group group = stored.group();
    PlayerId target = admin.player();
    GroupMembership demoted = setRole(stored, admin, GroupRole.MEMBER);
    append(group.id(), new GroupEvent.Demoted(group.id(), target, read.name(target)));
    tell(GroupNotifications.demoted(group, by, target));
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

  /** Deletes what a player is to a group, who is no member of it. */
  void delete(GroupMembership notMember) {
    memberships.delete(tx, notMember);
  }

  // Requests.

  /**
   * @param found what the player was to the group before; null if nothing
   */
  GroupMembership request(Group group, @Nullable GroupMembership found, PlayerId player) {
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

  GroupMembership approve(Stored stored, GroupMembership request, PlayerId by) {
    Group group = stored.group();
    PlayerId requester = request.player();
    var approved = new GroupEvent.RequestApproved(group.id(), requester, read.name(requester));
    append(group.id(), approved);
    GroupMembership joined = admit(stored, request, requester);
    tx.append(Topic.player(requester), approved);
    tell(GroupNotifications.approved(group, by, read.name(by), requester));
    invites.settle(group, requester);
    count(GroupChange.REQUEST_APPROVED);
    return joined;
  }

  GroupMembership reject(Group group, GroupMembership request, PlayerId by) {
    GroupMembership rejected = request.in(GroupRole.DECLINED);
    memberships.save(tx, rejected);
    PlayerId requester = request.player();
    var event = new GroupEvent.RequestRejected(group.id(), requester, read.name(requester));
    append(group.id(), event);
    tx.append(Topic.player(requester), event);
    tell(GroupNotifications.declined(group, by, requester));
    count(GroupChange.REQUEST_REJECTED);
    return rejected;
  }

  /** The notifications of the admins stay (contract, section 11.8). */
  void cancel(GroupMembership request) {
    memberships.delete(tx, request);
    count(GroupChange.REQUEST_CANCELLED);
  }

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
}
