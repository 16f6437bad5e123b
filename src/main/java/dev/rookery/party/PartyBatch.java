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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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

  private final PartyReadSet read;
  private final PartyWriteSet writes;

  private final Map<PartyTask, Party> created = new LinkedHashMap<>();
  private final Map<PartyTask, PartyId> showing = new HashMap<>();
  private final Map<PartyChange, Integer> changes = new EnumMap<>(PartyChange.class);
  private final PartyInvites invites;
  private final PartyRoster roster;

  PartyBatch(Transaction tx, PartyDependencies with, List<PartyTask> tasks) {
    this.tx = tx;
    this.with = with;
    this.outcomes = new BatchOutcomes<>(tasks, PartyTask::idempotent, RETRY);
    this.read = new PartyReadSet(tx, with);
    this.writes = new PartyWriteSet(tx, with);
    this.invites = new PartyInvites(tx, with, read, writes, this::count);
    this.roster = new PartyRoster(tx, with, read, writes, invites, this::count);
  }

  List<Outcome<Result>> carryOut() {
    outcomes.answerRepeated(tx, this::repeated);
    List<PartyTask> fresh = outcomes.open();
    if (!fresh.isEmpty()) {
      read.fill(fresh);
      roster.begin();
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
    PlayerSummary player = roster.player(task.player());
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
          update(task, roster.requireLed(player), maxSize, metadata);
      case UpdateAny(var party, var maxSize, var metadata, var revision) -> {
        Party found = roster.requireOpen(party, player);
        Revisions.mustBe(revision, found.revision());
        update(task, found, maxSize, metadata);
      }
      case Leave _ -> leave(task, player);
      case Disband(var party) -> {
        roster.disband(roster.requireOpen(party, player));
        outcomes.done(task, Result.NONE);
      }
      case Kick(_, var target, _) -> {
        Party party = roster.requireLed(player);
        mustNotLead(party, target, "cannot_kick_self");
        kick(task, party, target);
      }
      case KickFromAny(var id, var target) -> {
        Party party = roster.requireOpen(id, player);
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
    created.put(task, roster.create(leader, create.maxSize(), create.metadata()));
  }

  private void update(
      PartyTask task,
      Party before,
      @Nullable Integer maxSize,
      @Nullable Map<String, Object> metadata) {
    PartyRules.mayResize(before, maxSize);
    task.errors().refuse();
    show(task, roster.update(before, maxSize, metadata).id());
  }

  private void leave(PartyTask task, PlayerSummary player) {
    Party party = roster.partyOf(player);
    if (party != null) {
      roster.leave(party, player);
    }
    outcomes.done(task, Result.NONE);
  }

  private static void mustNotLead(Party party, PlayerId target, String code) {
    if (party.isLedBy(target)) {
      throw Refused.denied(code);
    }
  }

  private void kick(PartyTask task, Party party, PlayerId member) {
    PlayerSummary target = roster.player(member);
    if (target == null) {
      throw Refused.missing("user_not_found");
    }
    if (!party.id().equals(target.party())) {
      throw Refused.conflict("target_not_in_party");
    }
    roster.kick(party, target);
    outcomes.done(task, Result.NONE);
  }

  private void invite(PartyTask task, Invite invite, PlayerSummary leader) {
    Party party = roster.requireLed(leader);
    PlayerSummary target = roster.player(invite.target());
    if (target == null) {
      throw Refused.missing("user_not_found");
    }
    invites.invite(party, leader, target);
    outcomes.done(task, Result.NONE);
  }

  private void cancel(PartyTask task, CancelInvite cancel, PlayerSummary leader) {
    roster.requireLed(leader);
    invites.cancel(new Pair(leader.id(), cancel.target()));
    outcomes.done(task, Result.NONE);
  }

  private void accept(PartyTask task, Accept accept, PlayerSummary player) {
    PartyInvite invite = invites.open(player.id(), accept.party());
    if (roster.isMoved(player)) {
      throw RETRY;
    }
    Party own = roster.partyOf(player);
    boolean member = own != null && own.id().equals(accept.party());
    Party target = roster.requireJoinable(accept.party());
    if (own != null && !member) {
      roster.leave(own, player);
    }
    if (!member && target.isFull()) {
      invites.decline(invite, player, true);
      outcomes.done(task, new Result(null, List.of(), Refused.denied("party_full")));
      return;
    }
    invites.accept(invite, player);
    if (!member) {
      roster.join(target, player);
    }
    invites.tellAccepted(invite);
    show(task, target.id());
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
          Party party = roster.shown(id);
          outcomes.done(task, new Result(party, written.membersOf(id), null));
        });
  }
}
