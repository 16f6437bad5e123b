package dev.rookery.party;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PartyId;
import dev.rookery.base.PartyInviteId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Topic;
import dev.rookery.notification.NotificationWriter.Draft;
import dev.rookery.notification.NotificationWriter.Retraction;
import dev.rookery.party.PartyInvite.State;
import dev.rookery.player.Player;
import dev.rookery.player.Players;
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
import java.util.Set;
import java.util.function.Consumer;

/**
 * What the tasks of a {@link PartyBatch} change. It is collected while they are decided and then
 * written with one statement of each kind; the events follow, in the order of the tasks.
 */
final class PartyWriteSet {
  private final Transaction tx;
  private final PartyDependencies with;

  private final Map<PartyId, Party> changed = new HashMap<>();
  private final Set<PartyId> disbanded = new LinkedHashSet<>();
  private final List<Party> created = new ArrayList<>();
  private final Map<PlayerId, PartyId> leaving = new LinkedHashMap<>();
  private final Map<PlayerId, PartyId> joining = new LinkedHashMap<>();
  private final Map<PlayerId, Player> left = new HashMap<>();
  private final Map<PlayerId, Player> joined = new HashMap<>();
  private final List<PartyInvite> invited = new ArrayList<>();
  private final List<PartyInvite> updated = new ArrayList<>();
  private final List<PartyInviteId> deleted = new ArrayList<>();
  private final List<Retraction> retracted = new ArrayList<>();
  private final List<Draft> drafts = new ArrayList<>();
  private final List<Consumer<Map<PartyId, List<Player>>>> told = new ArrayList<>();

  /**
   * What was written.
   *
   * @param created the new parties by their leaders
   * @param members of the new parties and of those that are shown
   */
  record Written(Map<PlayerId, PartyId> created, Map<PartyId, List<Player>> members) {
    List<Player> membersOf(PartyId party) {
      return members.getOrDefault(party, List.of());
    }
  }

  PartyWriteSet(Transaction tx, PartyDependencies with) {
    this.tx = tx;
    this.with = with;
  }

  /** Inserts a party with its leader as the only member. */
  void create(Party party) {
    created.add(party);
  }

  void save(Party party) {
    changed.put(party.id(), party);
  }

  /** Ends a party, whose members leave it. */
  void disband(Party party) {
    save(party);
    disbanded.add(party.id());
  }

  boolean isDisbanded(PartyId party) {
    return disbanded.contains(party);
  }

  void leave(PlayerId player, PartyId party) {
    leaving.put(player, party);
  }

  void join(PlayerId player, PartyId party) {
    joining.put(player, party);
  }

  void insert(PartyInvite invite) {
    invited.add(invite);
  }

  void save(PartyInvite invite) {
    updated.add(invite);
  }

  void delete(PartyInvite invite) {
    deleted.add(invite.id());
  }

  /** Deletes the notification of an invite. */
  void retract(PartyInvite invite) {
    retracted.add(PartyNotifications.retraction(invite));
  }

  void notify(Draft draft) {
    drafts.add(draft);
  }

  /**
   * Runs after everything is written.
   *
   * @param append appends events; it is given the members of the parties that are shown
   */
  void tell(Consumer<Map<PartyId, List<Player>>> append) {
    told.add(append);
  }

  /** A player who has left a party, afterwards. */
  Player left(PlayerId player) {
    return Objects.requireNonNull(left.get(player));
  }

  /** A player who has joined a party, afterwards. */
  Player joined(PlayerId player) {
    return Objects.requireNonNull(joined.get(player));
  }

  /**
   * Writes everything, and then appends the events.
   *
   * @param shown the parties whose members are answered, beside those that are created
   */
  Written write(Collection<PartyId> shown) {
    Map<PlayerId, PartyId> inserted = insert();
    inParts(leaving, part -> left.putAll(with.players().leaveParties(tx, part)));
    var all = new HashMap<>(joining);
    all.putAll(inserted);
    inParts(all, part -> joined.putAll(with.players().joinParties(tx, part, inserted.keySet())));
    mustHaveMoved();
    Placeholders.inParts(
        changed.values().stream()
            .sorted(Comparator.comparing(Party::id, PartyReadSet.BY_ID))
            .toList(),
        part -> with.parties().save(tx, part, disbanded));
    writeInvites();
    with.notifications().retractAll(tx, retracted);
    with.notifications().putAll(tx, drafts);
    Map<PartyId, List<Player>> members = readMembers(shown, inserted.values());
    told.forEach(tell -> tell.accept(members));
    return new Written(inserted, members);
  }

  private Map<PlayerId, PartyId> insert() {
    var inserted = new HashMap<PlayerId, PartyId>();
    Placeholders.inParts(created, part -> inserted.putAll(with.parties().insert(tx, part)));
    return inserted;
  }

  private void writeInvites() {
    Placeholders.inParts(
        List.copyOf(disbanded),
        part ->
            with.invites().deleteOf(tx, part).stream()
                .filter(invite -> invite.state() == State.PENDING)
                .forEach(this::retract));
    Placeholders.inParts(
        updated.stream().sorted(Comparator.comparingLong(one -> one.id().value())).toList(),
        part -> with.invites().update(tx, part));
    Placeholders.inParts(deleted, part -> with.invites().delete(tx, part));
    Placeholders.inParts(invited, part -> with.invites().insert(tx, part));
  }

  /** The members of the parties that commands answer with, after all moves. */
  private Map<PartyId, List<Player>> readMembers(
      Collection<PartyId> shown, Collection<PartyId> inserted) {
    var wanted = new HashSet<>(shown);
    wanted.addAll(inserted);
    var members = new HashMap<PartyId, List<Player>>();
    Placeholders.inParts(
        List.copyOf(wanted), part -> members.putAll(with.players().findInParties(tx, part)));
    return members;
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
  void tellLobby(Player player) {
    LobbyId lobby = player.lobby();
    if (lobby != null) {
      with.players().appendChange(tx, player, Topic.lobby(lobby));
    }
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
