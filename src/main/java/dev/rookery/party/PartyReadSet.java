package dev.rookery.party;

import dev.rookery.base.PartyId;
import dev.rookery.base.PlayerId;
import dev.rookery.friend.Friends;
import dev.rookery.party.InviteStore.Pair;
import dev.rookery.party.PartyCommand.Accept;
import dev.rookery.party.PartyCommand.CancelInvite;
import dev.rookery.party.PartyCommand.Create;
import dev.rookery.party.PartyCommand.Decline;
import dev.rookery.party.PartyCommand.Disband;
import dev.rookery.party.PartyCommand.Invite;
import dev.rookery.party.PartyCommand.Kick;
import dev.rookery.party.PartyCommand.KickFromAny;
import dev.rookery.party.PartyCommand.Leave;
import dev.rookery.party.PartyCommand.Update;
import dev.rookery.party.PartyCommand.UpdateAny;
import dev.rookery.player.PlayerSummary;
import dev.rookery.player.Players;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Transaction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link PartyBatch} has read for its tasks, as it was before the first of them: the parties
 * that they are about, locked by ascending id, then the players, locked too, and the invites and
 * friendships between them. One statement for each kind, in parts of {@link Placeholders#MANY_MAX}.
 */
final class PartyReadSet {
  static final Comparator<PartyId> BY_ID = Comparator.comparingLong(PartyId::value);

  private final Transaction tx;
  private final PartyDependencies with;

  private final Map<PlayerId, PlayerSummary> people = new HashMap<>();
  private final Map<PartyId, Party> parties = new HashMap<>();
  private final Map<PartyId, List<PlayerSummary>> members = new HashMap<>();
  private final Map<Pair, PartyInvite> invites = new HashMap<>();
  private final Map<PlayerId, List<PartyInvite>> pending = new HashMap<>();
  private final Map<Friends.Pair, Friends.Relation> relations = new HashMap<>();

  PartyReadSet(Transaction tx, PartyDependencies with) {
    this.tx = tx;
    this.with = with;
  }

  /** Locks and reads what the tasks need. */
  void fill(List<PartyTask> tasks) {
    Set<PlayerId> named = new HashSet<>();
    tasks.forEach(
        task ->
            Stream.of(task.player(), task.target())
                .flatMap(Stream::ofNullable)
                .forEach(named::add));
    Map<PlayerId, PlayerSummary> before = new HashMap<>();
    Placeholders.inParts(
        List.copyOf(named), part -> before.putAll(with.players().findSummaries(tx, part)));
    lockParties(tasks, before);
    var locking = new HashSet<>(before.keySet());
    members.values().forEach(all -> all.forEach(member -> locking.add(member.id())));
    Placeholders.inParts(
        locking.stream().sorted(Players.BY_ID).toList(),
        part -> people.putAll(with.players().lockSummaries(tx, part)));
    readInvites(tasks);
  }

  private void lockParties(List<PartyTask> tasks, Map<PlayerId, PlayerSummary> before) {
    Set<PartyId> locked = new HashSet<>();
    Set<PartyId> endangered = new HashSet<>();
    for (PartyTask task : tasks) {
      PlayerSummary player = before.get(task.player());
      PartyId own = player == null ? null : player.party();
      if (own != null
          && !(task.command() instanceof Create)
          && !(task.command() instanceof Decline)) {
        locked.add(own);
        if (mayEndParty(task)) {
          endangered.add(own);
        }
      }
      switch (task.command()) {
        case Accept accept -> locked.add(accept.party());
        case Decline decline -> locked.add(decline.party());
        case Create _, Update _, Leave _, Kick _, Invite _, CancelInvite _ -> {}
        // The party of its leader.
        case UpdateAny _, Disband _, KickFromAny _ -> {}
      }
    }
    Placeholders.inParts(
        locked.stream().sorted(BY_ID).toList(),
        part -> parties.putAll(with.parties().lock(tx, part)));
    List<PartyId> ending =
        endangered.stream()
            .filter(
                id -> parties.get(id) instanceof Party found && before.containsKey(found.leader()))
            .toList();
    Placeholders.inParts(ending, part -> members.putAll(with.players().findPartyMembers(tx, part)));
  }

  private static boolean mayEndParty(PartyTask task) {
    return switch (task.command()) {
      case Leave _, Accept _, Disband _ -> true;
      case Create _, Update _, Kick _, Invite _, CancelInvite _, Decline _ -> false;
      case UpdateAny _, KickFromAny _ -> false;
    };
  }

  private void readInvites(List<PartyTask> tasks) {
    Set<Pair> pairs = new HashSet<>();
    Set<PlayerId> recipients = new HashSet<>();
    Set<Friends.Pair> related = new HashSet<>();
    for (PartyTask task : tasks) {
      switch (task.command()) {
        case Invite invite -> {
          pairs.add(new Pair(invite.player(), invite.target()));
          recipients.add(invite.target());
          related.add(Friends.Pair.of(invite.player(), invite.target()));
        }
        case CancelInvite cancel -> pairs.add(new Pair(cancel.player(), cancel.target()));
        case Kick kick -> recipients.add(kick.target());
        case Accept _, Decline _, Leave _ -> recipients.add(task.player());
        case KickFromAny kick -> recipients.add(kick.target());
        case Create _, Update _, UpdateAny _, Disband _ -> {}
      }
    }
    Placeholders.inParts(
        List.copyOf(related), part -> relations.putAll(with.friends().relations(tx, part)));
    Placeholders.inParts(
        List.copyOf(pairs),
        part -> with.invites().byPairs(tx, part).forEach(one -> invites.put(Pair.of(one), one)));
    Placeholders.inParts(
        List.copyOf(recipients),
        part ->
            with.invites()
                .pendingTo(tx, part)
                .forEach(
                    one ->
                        pending.computeIfAbsent(one.recipient(), _ -> new ArrayList<>()).add(one)));
  }

  /** Null if there is no such player, or no task needs the player. */
  @Nullable PlayerSummary player(PlayerId id) {
    return people.get(id);
  }

  /** The open ones of the parties that tasks are about. */
  Map<PartyId, Party> parties() {
    return Collections.unmodifiableMap(parties);
  }

  /** Null unless a task may end the party. */
  @Nullable List<PlayerSummary> members(PartyId party) {
    return members.get(party);
  }

  /** The invite by one player to another, whatever its state; null if there is none. */
  @Nullable PartyInvite invite(Pair pair) {
    return invites.get(pair);
  }

  /** The invites that a player has not answered. */
  List<PartyInvite> pendingTo(PlayerId recipient) {
    return pending.getOrDefault(recipient, List.of());
  }

  Friends.Relation relation(PlayerId one, PlayerId other) {
    return relations.getOrDefault(Friends.Pair.of(one, other), Friends.Relation.NONE);
  }
}
