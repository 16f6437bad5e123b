package dev.rookery.group;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Topic;
import dev.rookery.group.GroupInvite.State;
import dev.rookery.notification.NotificationWriter;
import dev.rookery.notification.NotificationWriter.Draft;
import dev.rookery.player.Players;
import dev.rookery.store.Transaction;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the commands of a {@link GroupBatch} change of invites, written at once as by {@link
 * GroupWriteSet}: rows, the events and notifications of senders and recipients.
 */
final class InviteWriteSet {
  /** How many pending invites to a group that is deleted a transaction cancels. */
  static final int CANCELLED_AT_ONCE = 100;

  private final Transaction tx;
  private final GroupReadSet read;
  private final InviteStore invites;
  private final NotificationWriter notifications;
  private final Consumer<GroupChange> counted;

  /**
   * @param counted gets each change that is made
   */
  InviteWriteSet(
      Transaction tx,
      GroupDependencies dependencies,
      GroupReadSet read,
      Consumer<GroupChange> counted) {
    this.tx = tx;
    this.read = read;
    this.invites = dependencies.invites();
    this.notifications = dependencies.notifications();
    this.counted = counted;
  }

  /**
   * @param earlier an invite to the same player, which is replaced; null for none
   */
  void invite(Group group, @Nullable GroupInvite earlier, PlayerId sender, PlayerId target) {
    if (earlier != null) {
      if (earlier.state() == State.PENDING && !earlier.sender().equals(sender)) {
        retract(earlier);
      }
      invites.delete(tx, earlier);
    }
    invites.insert(tx, group.id(), sender, target);
    tell(GroupNotifications.invited(group, sender, read.name(sender), target, read.name(target)));
    counted.accept(GroupChange.INVITED);
  }

  /** A player who has joined has accepted the invite that they held, if any. */
  void settle(Group group, PlayerId player) {
    invites
        .find(tx, group.id(), player)
        .filter(invite -> invite.state() == State.PENDING)
        .ifPresent(invite -> accept(group, invite));
  }

  void accept(Group group, GroupInvite invite) {
    PlayerId by = invite.recipient();
    invites.save(tx, invite, State.ACCEPTED);
    tell(GroupNotifications.inviteAccepted(group, invite.sender(), by, read.name(by)));
    tx.append(
        Topic.player(invite.sender()),
        new GroupEvent.InviteAccepted(group.id(), invite.sender(), by));
    counted.accept(GroupChange.INVITE_ACCEPTED);
  }

  /** Ends an invite to a player who is a member already, which nobody is told. */
  void acceptSilently(GroupInvite invite) {
    invites.save(tx, invite, State.ACCEPTED);
  }

  void decline(Group group, GroupInvite invite, boolean full) {
    PlayerId by = invite.recipient();
    invites.save(tx, invite, State.DECLINED);
    retract(invite);
    tell(GroupNotifications.inviteDeclined(group, invite.sender(), by, read.name(by), full));
    counted.accept(GroupChange.INVITE_DECLINED);
  }

  void cancel(GroupInvite invite) {
    invites.delete(tx, invite);
    retract(invite);
    counted.accept(GroupChange.INVITE_CANCELLED);
  }

  private void retract(GroupInvite invite) {
    notifications.retractAll(tx, List.of(GroupNotifications.retraction(invite)));
  }

  /** Cancels pending invites to a group; false if there may be more than one call cancels. */
  boolean cancelSome(Group group) {
    List<InviteStore.Pair> cancelled = invites.deletePending(tx, group.id(), CANCELLED_AT_ONCE);
    cancelled.stream()
        .flatMap(invite -> Stream.of(invite.sender(), invite.recipient()))
        .distinct()
        .sorted(Players.BY_ID)
        .forEach(
            player ->
                tx.append(
                    Topic.player(player),
                    new GroupEvent.InviteCancelled(group.id(), player, group.title())));
    return cancelled.size() < CANCELLED_AT_ONCE;
  }

  /** Deletes all invites to a group, whatever their state, which nobody is told. */
  void deleteAll(Group group) {
    invites.deleteAll(tx, group.id());
  }

  private void tell(Draft draft) {
    notifications.putAll(tx, List.of(draft));
  }
}
