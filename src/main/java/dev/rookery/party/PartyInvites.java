package dev.rookery.party;

import dev.rookery.base.PartyId;
import dev.rookery.base.PartyInviteId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.base.Topic;
import dev.rookery.party.InviteStore.Pair;
import dev.rookery.party.PartyInvite.State;
import dev.rookery.player.PlayerSummary;
import dev.rookery.store.Transaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The invites of a {@link PartyBatch} as the commands before have left them. An invite changes at
 * most once in a batch; a second command about it is retried in the next one.
 */
final class PartyInvites {
  private final Transaction tx;
  private final PartyDependencies with;
  private final PartyReadSet read;
  private final PartyWriteSet writes;
  private final Consumer<PartyChange> counted;
  private final long nowMs;

  private final Map<PlayerId, List<PartyInvite>> invitedTo = new HashMap<>();
  private final Set<Pair> changed = new HashSet<>();

  /**
   * @param counted gets each change that is made
   */
  PartyInvites(
      Transaction tx,
      PartyDependencies with,
      PartyReadSet read,
      PartyWriteSet writes,
      Consumer<PartyChange> counted) {
    this.tx = tx;
    this.with = with;
    this.read = read;
    this.writes = writes;
    this.counted = counted;
    this.nowMs = tx.now().toEpochMilli();
  }

  /** Invites a player into the party of its leader, unless that leader's invite is pending. */
  void invite(Party party, PlayerSummary leader, PlayerSummary target) {
    mustBeConnected(leader.id(), target.id());
    var pair = new Pair(leader.id(), target.id());
    PartyInvite existing = unchanged(pair);
    if (isPending(existing)) {
      return;
    }
    with.rules().mayInvite(existing != null, pendingTo(target.id()).size());
    var invite =
        new PartyInvite(
            new PartyInviteId(-1),
            party.id(),
            leader.id(),
            "",
            target.id(),
            "",
            State.PENDING,
            nowMs);
    changed.add(pair);
    writes.insert(invite);
    invitedTo.computeIfAbsent(target.id(), _ -> new ArrayList<>()).add(invite);
    writes.notify(PartyNotifications.invited(party.id(), leader, target));
    counted.accept(PartyChange.INVITED);
  }

  private void mustBeConnected(PlayerId leader, PlayerId target) {
    boolean connected =
        switch (read.relation(leader, target)) {
          case BLOCKED -> throw Refused.conflict("blocked");
          case FRIENDS -> true;
          case NONE -> !leader.equals(target) && with.groups().shareGroup(tx, leader, target);
        };
    if (!connected) {
      throw Refused.denied("not_connected");
    }
  }

  /** Withdraws an invite, if it is pending. */
  void cancel(Pair pair) {
    PartyInvite invite = unchanged(pair);
    if (invite == null || !isPending(invite)) {
      return;
    }
    changed.add(pair);
    writes.delete(invite);
    writes.retract(invite);
    counted.accept(PartyChange.CANCELLED);
    tell(invite.recipient(), new PartyInviteEvent.Cancelled(invite.in(State.CANCELLED)));
  }

  /** The pending invite of a player into a party; {@code Missing("no_invite")}. */
  PartyInvite open(PlayerId recipient, PartyId party) {
    return pendingTo(recipient, party)
        .map(this::unchanged)
        .findFirst()
        .orElseThrow(() -> Refused.missing("no_invite"));
  }

  /** Accepts an invite, which the sender is told with {@link #tellAccepted}; drops all others. */
  void accept(PartyInvite invite, PlayerSummary player) {
    change(invite, State.ACCEPTED);
    writes.notify(PartyNotifications.accepted(invite, player));
    counted.accept(PartyChange.ACCEPTED);
    pendingTo(player.id()).stream()
        .filter(other -> !other.party().equals(invite.party()))
        .forEach(this::drop);
  }

  void tellAccepted(PartyInvite invite) {
    tell(invite.sender(), new PartyInviteEvent.Accepted(invite.in(State.ACCEPTED)));
  }

  /** Declines all pending invites of a player into a party. */
  void declineAll(PlayerSummary player, PartyId party) {
    pendingTo(player.id(), party)
        .map(this::unchanged)
        .toList()
        .forEach(invite -> decline(invite, player, false));
  }

  /**
   * @param full whether it is declined because the party is full
   */
  void decline(PartyInvite invite, PlayerSummary player, boolean full) {
    change(invite, State.DECLINED);
    writes.notify(PartyNotifications.declined(invite, player, full));
    counted.accept(PartyChange.DECLINED);
    tell(invite.sender(), new PartyInviteEvent.Declined(invite.in(State.DECLINED), full));
  }

  /** Drops the pending invites of a player into a party. */
  void dropTo(PlayerId recipient, PartyId party) {
    pendingTo(recipient, party).forEach(this::drop);
  }

  /** Cancels an invite as a consequence of something else, which nobody is told. */
  private void drop(PartyInvite invite) {
    if (!changed.contains(Pair.of(invite))) {
      change(invite, State.CANCELLED);
      counted.accept(PartyChange.CANCELLED);
    }
  }

  private void change(PartyInvite invite, State state) {
    changed.add(Pair.of(invite));
    writes.retract(invite);
    writes.save(invite.in(state));
  }

  private void tell(PlayerId player, PartyInviteEvent event) {
    writes.tell(_ -> tx.append(Topic.player(player), event));
  }

  private static boolean isPending(@Nullable PartyInvite invite) {
    return invite != null && invite.state() == State.PENDING;
  }

  /** The invite of one player to another, whatever its state; null if there is none. */
  private @Nullable PartyInvite unchanged(Pair pair) {
    mustBeUnchanged(pair);
    return read.invite(pair);
  }

  private PartyInvite unchanged(PartyInvite invite) {
    mustBeUnchanged(Pair.of(invite));
    return invite;
  }

  private void mustBeUnchanged(Pair pair) {
    if (changed.contains(pair)) {
      throw PartyBatch.RETRY;
    }
  }

  private Stream<PartyInvite> pendingTo(PlayerId recipient, PartyId party) {
    return pendingTo(recipient).stream().filter(invite -> invite.party().equals(party));
  }

  private List<PartyInvite> pendingTo(PlayerId recipient) {
    List<PartyInvite> invited = invitedTo.getOrDefault(recipient, List.of());
    return Stream.concat(read.pendingTo(recipient).stream(), invited.stream()).toList();
  }
}
