package dev.rookery.party;

import dev.rookery.base.PartyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.Revisions;
import dev.rookery.base.Topic;
import dev.rookery.bus.Done;
import dev.rookery.party.InviteStore.Pair;
import dev.rookery.party.PartyCommand.Accept;
import dev.rookery.party.PartyCommand.ByServer;
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
import dev.rookery.party.PartyTask.Result;
import dev.rookery.party.PartyWriteSet.Written;
import dev.rookery.player.Player;
import dev.rookery.player.PlayerSummary;
import dev.rookery.store.BatchOutcomes;
import dev.rookery.store.Batcher.Outcome;
import dev.rookery.store.IdempotentCommand;
import dev.rookery.store.Transaction;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One transaction for the party commands that waited at the same time: the parties that they are
 * about are locked by ascending id, then the players; each command is decided in the order of
 * arrival, everything is written with one statement of each kind, and then the events and
 * notifications are appended.
 *
 * <p>A player moves at most once in a batch, and an invite changes at most once; a second command
 * about either is retried in the next batch.
 */
final class PartyBatch {
  /** Thrown by a command that has to be retried in the next batch. */
  static final Refused RETRY = new Refused(new Refusal.Unavailable("busy"));

  private final Transaction tx;
  private final PartyDependencies with;
  private final BatchOutcomes<PartyTask, Result> outcomes;
  private final long nowMs;

  private final PartyReadSet read;
  private final PartyWriteSet writes;

  // As the commands before have left them.
  private final Map<PartyId, Party> parties = new HashMap<>();
  private final Set<PlayerId> moved = new HashSet<>();

  private final Map<PartyTask, Party> created = new LinkedHashMap<>();
  private final Map<PartyTask, PartyId> showing = new HashMap<>();
  private final Map<PartyChange, Integer> changes = new EnumMap<>(PartyChange.class);
  private final PartyInvites invites;

  PartyBatch(Transaction tx, PartyDependencies with, List<PartyTask> tasks) {
    this.tx = tx;
    this.with = with;
    this.outcomes = new BatchOutcomes<>(tasks, PartyTask::idempotent, RETRY);
    this.nowMs = tx.now().toEpochMilli();
    this.read = new PartyReadSet(tx, with);
    this.writes = new PartyWriteSet(tx, with);
    this.invites = new PartyInvites(tx, with, read, writes, this::count);
  }

  List<Outcome<Result>> carryOut() {
    outcomes.answerRepeated(tx, this::repeated);
    List<PartyTask> fresh = outcomes.open();
    if (!fresh.isEmpty()) {
      read.fill(fresh);
      parties.putAll(read.parties());
      outcomes.attempt(fresh, this::decide);
      answer(writes.write(showing.values()));
      outcomes.remember(tx, fresh, (_, result) -> result.stored());
    }
    return outcomes.all(tx);
  }

  /** How often each change was made. */
  Map<PartyChange, Integer> changes() {
    return changes;
  }

  private Optional<Result> repeated(IdempotentCommand.Answers answers, PartyTask task) {
    return switch (task.command()) {
      case Create _, Accept _ ->
          answers
              .find(task.idempotent(), Party.class)
              .map(party -> new Result(party, membersFor(task.player(), party.id()), null));
      case Leave _, Kick _, Update _, Invite _, CancelInvite _, Decline _ ->
          answers.find(task.idempotent(), Done.class).map(_ -> Result.NONE);
      case UpdateAny _, Disband _, KickFromAny _ -> Optional.empty();
    };
  }

  /**
   * The members of a party now. A player who has left it since is shown none, because the party
   * exists for its members alone.
   */
  private List<Player> membersFor(PlayerId player, PartyId party) {
    List<Player> all =
        with.players().findInParties(tx, List.of(party)).getOrDefault(party, List.of());
    return all.stream().anyMatch(member -> member.id().equals(player)) ? all : List.of();
  }

  // Decide.

  private void decide(PartyTask task) {
    PlayerSummary player = person(task.player());
    if (player == null) {
      if (task.command() instanceof Leave) {
        outcomes.done(task, Result.NONE);
        return;
      }
      throw Refused.missing(task.command() instanceof ByServer ? "not_found" : "player_not_found");
    }
    switch (task.command()) {
      case Create create -> create(task, create, player);
      case Update(_, var maxSize, var metadata) ->
          update(task, requireLed(player), maxSize, metadata);
      case UpdateAny(var party, var maxSize, var metadata, var revision) -> {
        Party found = requireOpen(party, player);
        Revisions.mustBe(revision, found.revision());
        update(task, found, maxSize, metadata);
      }
      case Leave _ -> leave(task, player);
      case Disband(var party) -> {
        disband(requireOpen(party, player));
        outcomes.done(task, Result.NONE);
      }
      case Kick(_, var target, _) -> {
        Party party = requireLed(player);
        mustNotLead(party, target, "cannot_kick_self");
        kick(task, party, target);
      }
      case KickFromAny(var id, var target) -> {
        Party party = requireOpen(id, player);
        mustNotLead(party, target, "cannot_kick_leader");
        kick(task, party, target);
      }
      case Invite invite -> invite(task, invite, player);
      case CancelInvite cancel -> cancel(task, cancel, player);
      case Accept accept -> accept(task, accept, player);
      case Decline(_, var party) -> {
        invites.declineAll(player, party);
        outcomes.done(task, Result.NONE);
      }
    }
  }

  private void create(PartyTask task, Create create, PlayerSummary leader) {
    if (leader.party() != null) {
      throw Refused.conflict("already_in_party");
    }
    task.errors().refuse();
    Integer maxSize = create.maxSize();
    moved.add(leader.id());
    var party =
        new Party(
            new PartyId(-1),
            leader.id(),
            leader.displayName(),
            maxSize == null ? with.rules().defaultMaxSize() : maxSize,
            create.metadata() == null ? Map.of() : create.metadata(),
            1,
            1,
            nowMs,
            nowMs);
    created.put(task, party);
    writes.create(party);
    count(PartyChange.CREATED);
  }

  private void update(
      PartyTask task,
      Party before,
      @Nullable Integer maxSize,
      @Nullable Map<String, Object> metadata) {
    PartyRules.mayResize(before, maxSize);
    task.errors().refuse();
    Party after =
        before.with(
            maxSize == null ? before.maxSize() : maxSize,
            metadata == null ? before.metadata() : metadata,
            nowMs);
    put(after);
    show(task, after.id());
    writes.tell(
        shown ->
            tx.append(
                Topic.party(after.id()),
                new PartyEvent.Changed(after, shown.getOrDefault(after.id(), List.of()))));
  }

  private void leave(PartyTask task, PlayerSummary player) {
    Party party = partyOf(player);
    if (party != null) {
      leave(party, player);
    }
    outcomes.done(task, Result.NONE);
  }

  private void leave(Party party, PlayerSummary player) {
    if (party.isLedBy(player.id())) {
      disband(party);
    } else {
      Party after = remove(party, player);
      count(PartyChange.LEFT);
      writes.tell(
          _ -> {
            Player gone = writes.left(player.id());
            writes.tellLobby(gone);
            tx.append(
                Topic.party(after.id()),
                new PartyEvent.Left(after, player.id(), gone.displayName()));
          });
    }
  }

  private void disband(Party party) {
    List<PlayerSummary> all = read.members(party.id());
    // Nobody joins or leaves a locked party but by this batch.
    if (all == null || all.size() != party.members() || all.stream().anyMatch(this::isMoved)) {
      throw RETRY;
    }
    all.forEach(
        member -> {
          moved.add(member.id());
          writes.leave(member.id(), party.id());
        });
    Party after = party.withMembers(0, nowMs);
    parties.put(after.id(), after);
    writes.disband(after);
    count(PartyChange.DISBANDED);
    writes.tell(
        _ -> {
          all.forEach(member -> writes.tellLobby(writes.left(member.id())));
          tx.append(Topic.party(after.id()), new PartyEvent.Disbanded(after));
        });
  }

  /** Takes a member out of the party, who is not its leader. */
  private Party remove(Party party, PlayerSummary member) {
    Party after = party.withMembers(party.members() - 1, nowMs);
    put(after);
    moved.add(member.id());
    writes.leave(member.id(), party.id());
    invites.dropTo(member.id(), party.id());
    return after;
  }

  private static void mustNotLead(Party party, PlayerId target, String code) {
    if (party.isLedBy(target)) {
      throw Refused.denied(code);
    }
  }

  private void kick(PartyTask task, Party party, PlayerId member) {
    PlayerSummary target = person(member);
    if (target == null) {
      throw Refused.missing("user_not_found");
    }
    if (!party.id().equals(target.party())) {
      throw Refused.conflict("target_not_in_party");
    }
    Party after = remove(party, target);
    writes.notify(PartyNotifications.kicked(party.id(), party.leader(), target.id()));
    outcomes.done(task, Result.NONE);
    count(PartyChange.KICKED);
    writes.tell(
        _ -> {
          Player gone = writes.left(target.id());
          writes.tellLobby(gone);
          tx.append(
              Topic.party(after.id()),
              new PartyEvent.Kicked(after, target.id(), gone.displayName()));
        });
  }

  private void invite(PartyTask task, Invite invite, PlayerSummary leader) {
    Party party = requireLed(leader);
    PlayerSummary target = person(invite.target());
    if (target == null) {
      throw Refused.missing("user_not_found");
    }
    invites.invite(party, leader, target);
    outcomes.done(task, Result.NONE);
  }

  private void cancel(PartyTask task, CancelInvite cancel, PlayerSummary leader) {
    requireLed(leader);
    invites.cancel(new Pair(leader.id(), cancel.target()));
    outcomes.done(task, Result.NONE);
  }

  private void accept(PartyTask task, Accept accept, PlayerSummary player) {
    PartyInvite invite = invites.open(player.id(), accept.party());
    if (isMoved(player)) {
      throw RETRY;
    }
    Party own = partyOf(player);
    boolean member = own != null && own.id().equals(accept.party());
    Party target = parties.get(accept.party());
    if (target == null || writes.isDisbanded(target.id())) {
      throw writes.isDisbanded(accept.party()) ? RETRY : Refused.missing("party_not_found");
    }
    if (own != null && !member) {
      leave(own, player);
    }
    if (!member && target.isFull()) {
      invites.decline(invite, player, true);
      outcomes.done(task, new Result(null, List.of(), Refused.denied("party_full")));
      return;
    }
    invites.accept(invite, player);
    if (!member) {
      join(target, player);
    }
    invites.tellAccepted(invite);
    show(task, target.id());
  }

  private void join(Party party, PlayerSummary player) {
    Party after = party.withMembers(party.members() + 1, nowMs);
    put(after);
    moved.add(player.id());
    writes.join(player.id(), party.id());
    count(PartyChange.JOINED);
    writes.tell(
        _ -> {
          Player entered = writes.joined(player.id());
          writes.tellLobby(entered);
          tx.append(Topic.party(after.id()), new PartyEvent.Joined(after, entered));
        });
  }

  /** Null if there is no such player. */
  private @Nullable PlayerSummary person(PlayerId id) {
    if (moved.contains(id)) {
      throw RETRY;
    }
    return read.player(id);
  }

  private boolean isMoved(PlayerSummary player) {
    return moved.contains(player.id());
  }

  /** The party of a player, as the commands before have left it; null if in none. */
  private @Nullable Party partyOf(PlayerSummary player) {
    PartyId id = player.party();
    if (id == null) {
      return null;
    }
    Party found = parties.get(id);
    if (found == null || writes.isDisbanded(id)) {
      // The player joined it after the parties were locked.
      throw RETRY;
    }
    return found;
  }

  private Party requireLed(PlayerSummary player) {
    Party party = partyOf(player);
    if (party == null) {
      throw Refused.conflict("not_in_party");
    }
    PartyRules.mustLead(party, player.id());
    return party;
  }

  /** The party that a player led when it was looked up. */
  private Party requireOpen(PartyId id, PlayerSummary leader) {
    Party party = partyOf(leader);
    if (party == null || !party.id().equals(id)) {
      throw Refused.missing("not_found");
    }
    return party;
  }

  private void put(Party party) {
    parties.put(party.id(), party);
    writes.save(party);
  }

  private void show(PartyTask task, PartyId party) {
    showing.put(task, party);
    outcomes.done(task, Result.NONE);
  }

  private void count(PartyChange change) {
    changes.merge(change, 1, Integer::sum);
  }

  private void answer(Written written) {
    created.forEach(
        (task, draft) -> {
          PartyId id = Objects.requireNonNull(written.created().get(draft.leader()));
          Party party = draft.stored(id);
          if (tx.isConsumed(PartyEvent.Created.class)) {
            tx.append(Topic.party(id), new PartyEvent.Created(party));
          }
          outcomes.done(task, new Result(party, written.membersOf(id), null));
        });
    showing.forEach(
        (task, id) -> {
          Party party = Objects.requireNonNull(parties.get(id));
          outcomes.done(task, new Result(party, written.membersOf(id), null));
        });
  }
}
