package dev.rookery.party;

import dev.rookery.base.FieldErrors;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PartyId;
import dev.rookery.base.PartyInviteId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.Topic;
import dev.rookery.bus.Done;
import dev.rookery.friend.Friends;
import dev.rookery.notification.NotificationWriter;
import dev.rookery.notification.NotificationWriter.Draft;
import dev.rookery.notification.NotificationWriter.Retraction;
import dev.rookery.party.InviteStore.Pair;
import dev.rookery.party.PartyCommand.Accept;
import dev.rookery.party.PartyCommand.CancelInvite;
import dev.rookery.party.PartyCommand.Change;
import dev.rookery.party.PartyCommand.Create;
import dev.rookery.party.PartyCommand.Decline;
import dev.rookery.party.PartyCommand.Invite;
import dev.rookery.party.PartyCommand.Kick;
import dev.rookery.party.PartyCommand.Leave;
import dev.rookery.party.PartyCommand.Update;
import dev.rookery.party.PartyInvite.State;
import dev.rookery.player.Player;
import dev.rookery.player.PlayerSummary;
import dev.rookery.player.Players;
import dev.rookery.store.BatchOutcomes;
import dev.rookery.store.Batcher.Outcome;
import dev.rookery.store.IdempotentCommand;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Transaction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
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

  private static final Comparator<PartyId> BY_ID = Comparator.comparingLong(PartyId::value);

  /** What the commands of all batches work with. */
  record Dependencies(
      PartyStore parties,
      InviteStore invites,
      Players players,
      Friends friends,
      SharedGroups groups,
      PartyRules rules,
      NotificationWriter notifications) {}

  /**
   * A command with the faults of its fields.
   *
   * @param idempotent null if it came without an idempotency key
   */
  record Task(Change<?> command, FieldErrors errors, @Nullable IdempotentCommand idempotent) {
    PlayerId player() {
      return command.player();
    }

    /** The other player whom it names; null if none. */
    @Nullable PlayerId target() {
      return switch (command) {
        case Kick kick -> kick.target();
        case Invite invite -> invite.target();
        case CancelInvite cancel -> cancel.target();
        case Create _, Update _, Leave _, Accept _, Decline _ -> null;
      };
    }

    @Override
    public String toString() {
      return command.getClass().getSimpleName() + "[player=" + player() + "]";
    }
  }

  /**
   * What came of a command.
   *
   * @param party that the command answers with; null if it answers with none
   * @param refused set if the command was refused after it had changed something
   */
  record Result(@Nullable Party party, List<Player> members, @Nullable Refused refused) {
    static final Result NONE = new Result(null, List.of(), null);

    PartySnapshot snapshot() {
      return new PartySnapshot(Objects.requireNonNull(party), members, Position.START);
    }
  }

  /** What a batch did, for the metrics. */
  enum Did {
    CREATED,
    DISBANDED,
    JOINED,
    LEFT,
    KICKED,
    INVITED,
    ACCEPTED,
    DECLINED,
    CANCELLED
  }

  private final Transaction tx;
  private final Dependencies with;
  private final BatchOutcomes<Task, Result> outcomes;
  private final long nowMs;

  private final Map<PlayerId, PlayerSummary> people = new HashMap<>();
  private final Set<PartyId> locked = new HashSet<>();
  private final Map<PartyId, Party> parties = new HashMap<>();
  private Map<PartyId, List<PlayerSummary>> members = Map.of();
  private final Map<Pair, PartyInvite> invites = new HashMap<>();
  private final Map<PlayerId, List<PartyInvite>> pending = new HashMap<>();
  private final Map<Friends.Pair, Friends.Relation> relations = new HashMap<>();

  private final Set<PlayerId> moved = new HashSet<>();
  private final Set<Pair> answered = new HashSet<>();
  private final Set<PartyId> changed = new LinkedHashSet<>();
  private final Set<PartyId> disbanded = new LinkedHashSet<>();
  private final Map<Task, Party> created = new LinkedHashMap<>();
  private final Map<PlayerId, PartyId> leaving = new LinkedHashMap<>();
  private final Map<PlayerId, PartyId> joining = new LinkedHashMap<>();
  private final Map<PlayerId, Player> left = new HashMap<>();
  private final Map<PlayerId, Player> joined = new HashMap<>();
  private final List<PartyInvite> invited = new ArrayList<>();
  private final List<PartyInvite> updated = new ArrayList<>();
  private final List<PartyInviteId> deleted = new ArrayList<>();
  private final List<Retraction> retracted = new ArrayList<>();
  private final List<Draft> drafts = new ArrayList<>();
  private final Map<Task, PartyId> showing = new HashMap<>();
  private final List<Consumer<Map<PartyId, List<Player>>>> told = new ArrayList<>();
  private final Map<Did, Integer> did = new HashMap<>();

  PartyBatch(Transaction tx, Dependencies with, List<Task> tasks) {
    this.tx = tx;
    this.with = with;
    this.outcomes = new BatchOutcomes<>(tasks, Task::idempotent, RETRY);
    this.nowMs = tx.now().toEpochMilli();
  }

  List<Outcome<Result>> carryOut() {
    outcomes.answerRepeated(tx, this::repeated);
    List<Task> fresh = outcomes.open();
    if (!fresh.isEmpty()) {
      lockAndRead(fresh);
      outcomes.attempt(fresh, this::decide);
      write();
      outcomes.remember(tx, fresh, PartyBatch::answer);
    }
    return outcomes.all();
  }

  Map<Did, Integer> did() {
    return did;
  }

  private Optional<Result> repeated(IdempotentCommand.Answers answers, Task task) {
    return switch (task.command) {
      case Create _, Accept _ ->
          answers
              .find(task.idempotent, Party.class)
              .map(party -> new Result(party, membersFor(task.player(), party.id()), null));
      case Leave _, Kick _, Update _, Invite _, CancelInvite _, Decline _ ->
          answers.find(task.idempotent, Done.class).map(_ -> Result.NONE);
    };
  }

  /**
   * The members of a party now. A player who has left it since is shown none, because the party
   * exists for its members alone.
   */
  private List<Player> membersFor(PlayerId player, PartyId party) {
    List<Player> all =
        with.players.findInParties(tx, List.of(party)).getOrDefault(party, List.of());
    return all.stream().anyMatch(member -> member.id().equals(player)) ? all : List.of();
  }

  private static @Nullable Object answer(Task task, Result result) {
    if (result.refused != null) {
      return null;
    }
    return result.party == null ? Done.DONE : result.party;
  }

  // Read.

  private void lockAndRead(List<Task> tasks) {
    Set<PlayerId> named = new HashSet<>();
    tasks.forEach(
        task ->
            Stream.of(task.player(), task.target())
                .flatMap(Stream::ofNullable)
                .forEach(named::add));
    Map<PlayerId, PlayerSummary> before = new HashMap<>();
    Placeholders.inParts(
        List.copyOf(named), part -> before.putAll(with.players.findSummaries(tx, part)));
    lockParties(tasks, before);
    var locking = new HashSet<>(before.keySet());
    members.values().forEach(all -> all.forEach(member -> locking.add(member.id())));
    Placeholders.inParts(
        locking.stream().sorted(Players.BY_ID).toList(),
        part -> people.putAll(with.players.lockSummaries(tx, part)));
    readInvites(tasks);
  }

  private void lockParties(List<Task> tasks, Map<PlayerId, PlayerSummary> before) {
    Set<PartyId> endangered = new HashSet<>();
    for (Task task : tasks) {
      PlayerSummary player = before.get(task.player());
      PartyId own = player == null ? null : player.party();
      if (own != null && !(task.command instanceof Create) && !(task.command instanceof Decline)) {
        locked.add(own);
        if (task.command instanceof Leave || task.command instanceof Accept) {
          endangered.add(own);
        }
      }
      switch (task.command) {
        case Accept accept -> locked.add(accept.party());
        case Decline decline -> locked.add(decline.party());
        case Create _, Update _, Leave _, Kick _, Invite _, CancelInvite _ -> {}
      }
    }
    Placeholders.inParts(
        locked.stream().sorted(BY_ID).toList(),
        part -> parties.putAll(with.parties.lock(tx, part)));
    Set<PlayerId> actors = new HashSet<>(before.keySet());
    List<PartyId> ending =
        endangered.stream()
            .filter(id -> parties.containsKey(id) && actors.contains(party(id).leader()))
            .toList();
    var found = new HashMap<PartyId, List<PlayerSummary>>();
    Placeholders.inParts(ending, part -> found.putAll(with.players.findPartyMembers(tx, part)));
    members = found;
  }

  private void readInvites(List<Task> tasks) {
    Set<Pair> pairs = new HashSet<>();
    Set<PlayerId> recipients = new HashSet<>();
    Set<Friends.Pair> related = new HashSet<>();
    for (Task task : tasks) {
      switch (task.command) {
        case Invite invite -> {
          pairs.add(new Pair(invite.player(), invite.target()));
          recipients.add(invite.target());
          related.add(Friends.Pair.of(invite.player(), invite.target()));
        }
        case CancelInvite cancel -> pairs.add(new Pair(cancel.player(), cancel.target()));
        case Kick kick -> recipients.add(kick.target());
        case Accept _, Decline _, Leave _ -> recipients.add(task.player());
        case Create _, Update _ -> {}
      }
    }
    Placeholders.inParts(
        List.copyOf(related), part -> relations.putAll(with.friends.relations(tx, part)));
    Placeholders.inParts(
        List.copyOf(pairs),
        part -> with.invites.byPairs(tx, part).forEach(one -> invites.put(Pair.of(one), one)));
    Placeholders.inParts(
        List.copyOf(recipients),
        part ->
            with.invites
                .pendingTo(tx, part)
                .forEach(
                    one ->
                        pending.computeIfAbsent(one.recipient(), _ -> new ArrayList<>()).add(one)));
  }

  // Decide.

  private void decide(Task task) {
    PlayerSummary player = person(task.player());
    if (player == null) {
      if (task.command instanceof Leave) {
        outcomes.done(task, Result.NONE);
        return;
      }
      throw Refused.missing("player_not_found");
    }
    switch (task.command) {
      case Create create -> create(task, create, player);
      case Update update -> update(task, update, player);
      case Leave _ -> leave(task, player);
      case Kick kick -> kick(task, kick, player);
      case Invite invite -> invite(task, invite, player);
      case CancelInvite cancel -> cancel(task, cancel, player);
      case Accept accept -> accept(task, accept, player);
      case Decline decline -> decline(task, decline, player);
    }
  }

  private void create(Task task, Create create, PlayerSummary leader) {
    if (leader.party() != null) {
      throw Refused.conflict("already_in_party");
    }
    task.errors.refuse();
    Integer maxSize = create.maxSize();
    moved.add(leader.id());
    created.put(
        task,
        new Party(
            new PartyId(-1),
            leader.id(),
            leader.displayName(),
            maxSize == null ? with.rules.defaultMaxSize() : maxSize,
            create.metadata() == null ? Map.of() : create.metadata(),
            1,
            1,
            nowMs,
            nowMs));
    did(Did.CREATED);
  }

  private void update(Task task, Update update, PlayerSummary leader) {
    Party before = requireLed(leader);
    PartyRules.mayResize(before, update.maxSize());
    task.errors.refuse();
    Party after =
        before.with(
            update.maxSize() == null ? before.maxSize() : update.maxSize(),
            update.metadata() == null ? before.metadata() : update.metadata(),
            nowMs);
    put(after);
    show(task, after.id());
    told.add(
        shown ->
            tx.append(
                Topic.party(after.id()),
                new PartyEvent.Changed(after, shown.getOrDefault(after.id(), List.of()))));
  }

  private void leave(Task task, PlayerSummary player) {
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
      did(Did.LEFT);
      told.add(
          _ -> {
            Player gone = moved(left, player.id());
            tellLobby(gone);
            tx.append(
                Topic.party(after.id()),
                new PartyEvent.Left(after, player.id(), gone.displayName()));
          });
    }
  }

  private void disband(Party party) {
    List<PlayerSummary> all = members.get(party.id());
    // Nobody joins or leaves a locked party but by this batch.
    if (all == null || all.size() != party.members() || all.stream().anyMatch(this::isMoved)) {
      throw RETRY;
    }
    all.forEach(
        member -> {
          moved.add(member.id());
          leaving.put(member.id(), party.id());
        });
    Party after = party.withMembers(0, nowMs);
    put(after);
    disbanded.add(party.id());
    did(Did.DISBANDED);
    told.add(
        _ -> {
          all.forEach(member -> tellLobby(moved(left, member.id())));
          tx.append(Topic.party(after.id()), new PartyEvent.Disbanded(after));
        });
  }

  /** Takes a member out of the party, who is not its leader. */
  private Party remove(Party party, PlayerSummary member) {
    Party after = party.withMembers(party.members() - 1, nowMs);
    put(after);
    moved.add(member.id());
    leaving.put(member.id(), party.id());
    pendingTo(member.id()).stream()
        .filter(invite -> invite.party().equals(party.id()))
        .forEach(this::drop);
    return after;
  }

  private void kick(Task task, Kick kick, PlayerSummary leader) {
    Party party = requireLed(leader);
    if (kick.target().equals(leader.id())) {
      throw Refused.denied("cannot_kick_self");
    }
    PlayerSummary target = person(kick.target());
    if (target == null) {
      throw Refused.missing("user_not_found");
    }
    if (!party.id().equals(target.party())) {
      throw Refused.conflict("target_not_in_party");
    }
    Party after = remove(party, target);
    drafts.add(PartyNotifications.kicked(party.id(), leader.id(), target.id()));
    outcomes.done(task, Result.NONE);
    did(Did.KICKED);
    told.add(
        _ -> {
          Player gone = moved(left, target.id());
          tellLobby(gone);
          tx.append(
              Topic.party(after.id()),
              new PartyEvent.Kicked(after, target.id(), gone.displayName()));
        });
  }

  private void invite(Task task, Invite invite, PlayerSummary leader) {
    Party party = requireLed(leader);
    PlayerSummary target = person(invite.target());
    if (target == null) {
      throw Refused.missing("user_not_found");
    }
    mustBeConnected(leader.id(), target.id());
    var pair = new Pair(leader.id(), target.id());
    PartyInvite existing = invites.get(pair);
    if (answered.contains(pair)) {
      throw RETRY;
    }
    if (existing == null || existing.state() != State.PENDING) {
      with.rules.mayInvite(existing != null, pendingTo(target.id()).size());
      var fresh =
          new PartyInvite(
              new PartyInviteId(-1),
              party.id(),
              leader.id(),
              "",
              target.id(),
              "",
              State.PENDING,
              nowMs);
      answered.add(pair);
      invited.add(fresh);
      pending.computeIfAbsent(target.id(), _ -> new ArrayList<>()).add(fresh);
      drafts.add(PartyNotifications.invited(party.id(), leader, target));
      did(Did.INVITED);
    }
    outcomes.done(task, Result.NONE);
  }

  private void mustBeConnected(PlayerId leader, PlayerId target) {
    Friends.Relation relation =
        relations.getOrDefault(Friends.Pair.of(leader, target), Friends.Relation.NONE);
    boolean connected =
        switch (relation) {
          case BLOCKED -> throw Refused.conflict("blocked");
          case FRIENDS -> true;
          case NONE -> !leader.equals(target) && with.groups.shareGroup(tx, leader, target);
        };
    if (!connected) {
      throw Refused.denied("not_connected");
    }
  }

  private void cancel(Task task, CancelInvite cancel, PlayerSummary leader) {
    requireLed(leader);
    var pair = new Pair(leader.id(), cancel.target());
    if (answered.contains(pair)) {
      throw RETRY;
    }
    PartyInvite invite = invites.get(pair);
    if (invite != null && invite.state() == State.PENDING) {
      answered.add(pair);
      deleted.add(invite.id());
      retract(invite);
      did(Did.CANCELLED);
      told.add(
          _ ->
              tx.append(
                  Topic.player(invite.recipient()),
                  new PartyInviteEvent.Cancelled(invite.in(State.CANCELLED))));
    }
    outcomes.done(task, Result.NONE);
  }

  private void accept(Task task, Accept accept, PlayerSummary player) {
    PartyInvite invite =
        pendingTo(player.id()).stream()
            .filter(one -> one.party().equals(accept.party()))
            .findFirst()
            .orElseThrow(() -> Refused.missing("no_invite"));
    if (answered.contains(Pair.of(invite)) || isMoved(player)) {
      throw RETRY;
    }
    Party own = partyOf(player);
    boolean member = own != null && own.id().equals(accept.party());
    Party target = parties.get(accept.party());
    if (target == null || disbanded.contains(target.id())) {
      throw disbanded.contains(accept.party()) ? RETRY : Refused.missing("party_not_found");
    }
    if (own != null && !member) {
      leave(own, player);
    }
    answered.add(Pair.of(invite));
    retract(invite);
    if (!member && target.isFull()) {
      updated.add(invite.in(State.DECLINED));
      tellDeclined(invite, player, true);
      outcomes.done(task, new Result(null, List.of(), Refused.denied("party_full")));
      return;
    }
    updated.add(invite.in(State.ACCEPTED));
    drafts.add(PartyNotifications.accepted(invite, player));
    did(Did.ACCEPTED);
    pendingTo(player.id()).stream()
        .filter(other -> !other.party().equals(accept.party()))
        .forEach(this::drop);
    if (!member) {
      Party after = target.withMembers(target.members() + 1, nowMs);
      put(after);
      moved.add(player.id());
      joining.put(player.id(), target.id());
      did(Did.JOINED);
      told.add(
          _ -> {
            Player entered = moved(joined, player.id());
            tellLobby(entered);
            tx.append(Topic.party(after.id()), new PartyEvent.Joined(after, entered));
          });
    }
    told.add(
        _ ->
            tx.append(
                Topic.player(invite.sender()),
                new PartyInviteEvent.Accepted(invite.in(State.ACCEPTED))));
    show(task, target.id());
  }

  private void decline(Task task, Decline decline, PlayerSummary player) {
    for (PartyInvite invite : pendingTo(player.id())) {
      if (invite.party().equals(decline.party())) {
        if (!answered.add(Pair.of(invite))) {
          throw RETRY;
        }
        retract(invite);
        updated.add(invite.in(State.DECLINED));
        tellDeclined(invite, player, false);
      }
    }
    outcomes.done(task, Result.NONE);
  }

  private void tellDeclined(PartyInvite invite, PlayerSummary player, boolean full) {
    drafts.add(PartyNotifications.declined(invite, player, full));
    did(Did.DECLINED);
    told.add(
        _ ->
            tx.append(
                Topic.player(invite.sender()),
                new PartyInviteEvent.Declined(invite.in(State.DECLINED), full)));
  }

  /** Cancels an invite as a consequence of something else, which nobody is told. */
  private void drop(PartyInvite invite) {
    if (answered.add(Pair.of(invite))) {
      retract(invite);
      updated.add(invite.in(State.CANCELLED));
      did(Did.CANCELLED);
    }
  }

  private void retract(PartyInvite invite) {
    retracted.add(PartyNotifications.retraction(invite));
  }

  private List<PartyInvite> pendingTo(PlayerId recipient) {
    return List.copyOf(pending.getOrDefault(recipient, List.of()));
  }

  /** Null if there is no such player. */
  private @Nullable PlayerSummary person(PlayerId id) {
    if (moved.contains(id)) {
      throw RETRY;
    }
    return people.get(id);
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
    if (found == null || disbanded.contains(id)) {
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

  private Party party(PartyId id) {
    return Objects.requireNonNull(parties.get(id));
  }

  private void put(Party party) {
    parties.put(party.id(), party);
    changed.add(party.id());
  }

  private void show(Task task, PartyId party) {
    showing.put(task, party);
    outcomes.done(task, Result.NONE);
  }

  private void did(Did what) {
    did.merge(what, 1, Integer::sum);
  }

  // Write.

  private void write() {
    Map<PlayerId, PartyId> inserted = insert();
    inParts(leaving, part -> left.putAll(with.players.leaveParties(tx, part)));
    inParts(joining, part -> joined.putAll(with.players.joinParties(tx, part)));
    inParts(inserted, part -> joined.putAll(with.players.joinOwnParties(tx, part)));
    mustHaveMoved();
    Placeholders.inParts(
        changed.stream().sorted(BY_ID).toList(),
        part -> with.parties.save(tx, part.stream().map(this::party).toList(), disbanded));
    writeInvites();
    with.notifications.retractAll(tx, retracted);
    with.notifications.putAll(tx, drafts);
    Map<PartyId, List<Player>> shown = readShown(inserted.values());
    told.forEach(tell -> tell.accept(shown));
    answer(inserted, shown);
  }

  private Map<PlayerId, PartyId> insert() {
    var inserted = new HashMap<PlayerId, PartyId>();
    Placeholders.inParts(
        List.copyOf(created.values()), part -> inserted.putAll(with.parties.insert(tx, part)));
    return inserted;
  }

  private void writeInvites() {
    Placeholders.inParts(
        List.copyOf(disbanded),
        part ->
            with.invites.deleteOf(tx, part).stream()
                .filter(invite -> invite.state() == State.PENDING)
                .forEach(this::retract));
    Placeholders.inParts(
        updated.stream().sorted(Comparator.comparingLong(one -> one.id().value())).toList(),
        part -> with.invites.update(tx, part));
    Placeholders.inParts(deleted, part -> with.invites.delete(tx, part));
    Placeholders.inParts(invited, part -> with.invites.insert(tx, part));
  }

  /** The members of the parties that commands answer with, after all moves. */
  private Map<PartyId, List<Player>> readShown(Collection<PartyId> inserted) {
    var wanted = new HashSet<>(showing.values());
    wanted.addAll(inserted);
    var shown = new HashMap<PartyId, List<Player>>();
    Placeholders.inParts(
        List.copyOf(wanted), part -> shown.putAll(with.players.findInParties(tx, part)));
    return shown;
  }

  private void answer(Map<PlayerId, PartyId> inserted, Map<PartyId, List<Player>> shown) {
    created.forEach(
        (task, draft) -> {
          PartyId id = Objects.requireNonNull(inserted.get(draft.leader()));
          Party party = draft.stored(id);
          if (tx.isConsumed(PartyEvent.Created.class)) {
            tx.append(Topic.party(id), new PartyEvent.Created(party));
          }
          outcomes.done(task, new Result(party, shown.getOrDefault(id, List.of()), null));
        });
    showing.forEach(
        (task, id) ->
            outcomes.done(task, new Result(party(id), shown.getOrDefault(id, List.of()), null)));
  }

  /** All rows were locked, so only a fault could let somebody not have moved. */
  private void mustHaveMoved() {
    if (!left.keySet().containsAll(leaving.keySet())
        || !joined.keySet().containsAll(joining.keySet())
        || joined.size() != joining.size() + created.size()) {
      throw new IllegalStateException("players of locked parties have moved");
    }
  }

  /** The change of a member is told in their lobby too (Gamend realtime contract, section 2.8). */
  private void tellLobby(Player player) {
    LobbyId lobby = player.lobby();
    if (lobby != null) {
      with.players.appendChange(tx, player, Topic.lobby(lobby));
    }
  }

  private static Player moved(Map<PlayerId, Player> players, PlayerId player) {
    return Objects.requireNonNull(players.get(player));
  }

  private static void inParts(Map<PlayerId, PartyId> moves, Consumer<Map<PlayerId, PartyId>> work) {
    Placeholders.inParts(
        moves.keySet().stream().sorted(Players.BY_ID).toList(),
        part -> {
          var some = new LinkedHashMap<PlayerId, PartyId>();
          part.forEach(player -> some.put(player, Objects.requireNonNull(moves.get(player))));
          work.accept(some);
        });
  }
}
