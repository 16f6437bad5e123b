package dev.rookery.lobby;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PartyId;
import dev.rookery.base.PlayerId;
import dev.rookery.lobby.LobbyStore.Candidate;
import dev.rookery.lobby.LobbyStore.Stored;
import dev.rookery.lobby.LobbyTask.Needs;
import dev.rookery.lobby.LobbyTask.QuickJoinCriteria;
import dev.rookery.party.Parties;
import dev.rookery.party.Party;
import dev.rookery.player.Player;
import dev.rookery.player.PlayerSummary;
import dev.rookery.player.Players;
import dev.rookery.store.Dialect;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Transaction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link LobbyBatch} has read for its tasks, as it was before the first of them: the
 * players, the lobbies with their rows locked, the parties that players would bring, locked after
 * that, and the members of those lobbies where they matter. One statement for each kind, in parts
 * of {@link Placeholders#MANY_MAX} players.
 *
 * <p>A lobby whose row another transaction has locked is not in it, unless the batch waits for
 * rows.
 */
final class LobbyReadSet {
  private static final Comparator<LobbyId> BY_ID = Comparator.comparingLong(LobbyId::value);

  // How far a quick join looks before a lobby is opened for it.
  static final int CANDIDATES_AT_ONCE = 20;
  static final int LOOKS_MAX = 5;

  private final Transaction tx;
  private final LobbyStore store;
  private final Players players;
  private final Parties directory;
  private final boolean waits;

  private final Map<PlayerId, PlayerSummary> people = new HashMap<>();
  private final Map<PartyId, EnteringParty> parties = new HashMap<>();
  private final Map<LobbyId, Stored> lobbies = new HashMap<>();
  private final Map<LobbyId, List<PlayerSummary>> members = new HashMap<>();
  private final SortedSet<LobbyId> candidates = new TreeSet<>(BY_ID);
  private boolean moreCandidates;

  /**
   * @param waits for rows that other transactions have locked; see {@link Needs#isRetry}
   */
  LobbyReadSet(Transaction tx, LobbyStore store, Players players, boolean waits) {
    this.tx = tx;
    this.store = store;
    this.players = players;
    this.directory = new Parties(players);
    this.waits = waits;
  }

  /** Reads what the tasks need. */
  void fill(List<LobbyTask> tasks) {
    var needs = new Needs(waits);
    tasks.forEach(task -> task.read(needs));
    Placeholders.inParts(
        List.copyOf(needs.players), part -> people.putAll(players.findSummaries(tx, part)));
    for (PlayerId player : needs.membersWithLobby) {
      PlayerSummary found = people.get(player);
      if (found != null && found.lobby() != null) {
        needs.lobby(found.lobby());
      }
    }
    findParties(needs.membersWithParty);
    needs.quickJoins.entrySet().stream()
        .map(entry -> entry.getValue().of(sizeOf(entry.getKey())))
        .collect(Collectors.groupingBy(criteria -> Optional.ofNullable(criteria.seats())))
        .forEach(
            (seats, quickJoins) -> findCandidates(seats.orElse(null), quickJoins, needs.lobbies));
    if (!needs.lobbies.isEmpty()) {
      store
          .lock(tx, needs.lobbies, waits)
          .forEach(stored -> lobbies.put(stored.lobby().id(), stored));
    }
    lockParties();
    var wanted =
        tasks.stream()
            .map(task -> task.membersOf(this))
            .flatMap(Stream::ofNullable)
            .collect(Collectors.toSet());
    if (!wanted.isEmpty()) {
      Map<LobbyId, List<PlayerSummary>> found = players.findMembers(tx, wanted);
      wanted.forEach(lobby -> members.put(lobby, found.getOrDefault(lobby, List.of())));
    }
  }

  private void findParties(Set<PlayerId> members) {
    Set<PartyId> ids =
        members.stream()
            .map(people::get)
            .flatMap(Stream::ofNullable)
            .map(PlayerSummary::party)
            .flatMap(Stream::ofNullable)
            .collect(Collectors.toSet());
    if (ids.isEmpty()) {
      return;
    }
    Map<PartyId, Party> found = directory.find(tx, ids);
    Map<PartyId, List<Player>> membersOf = players.findInParties(tx, ids);
    found.forEach(
        (id, party) -> {
          var entering = new EnteringParty(party, membersOf.getOrDefault(id, List.of()));
          parties.put(id, entering);
          entering.summaries().forEach(member -> people.putIfAbsent(member.id(), member));
        });
  }

  /** How many players join with this one. */
  private int sizeOf(PlayerId player) {
    return player(player)
        .map(PlayerSummary::party)
        .map(parties::get)
        .filter(party -> party.isLedBy(player))
        .map(EnteringParty::size)
        .orElse(1);
  }

  /** Keeps those that have not changed since they were read. Lobbies are locked before parties. */
  private void lockParties() {
    if (!parties.isEmpty()) {
      Map<PartyId, Party> locked = directory.lock(tx, parties.keySet());
      parties
          .values()
          .removeIf(
              read -> {
                Party now = locked.get(read.party().id());
                return now == null || now.revision() != read.party().revision();
              });
    }
  }

  /** Oldest lobbies first, until they have room for all quick joins. */
  private void findCandidates(
      @Nullable Integer seats, List<QuickJoinCriteria> quickJoins, Set<LobbyId> wanted) {
    var left = new ArrayList<>(quickJoins);
    var after = new LobbyId(0);
    for (int looks = 0; looks < LOOKS_MAX && !left.isEmpty(); looks++) {
      List<Candidate> found = store.candidates(tx, after, seats, CANDIDATES_AT_ONCE);
      for (Candidate candidate : found) {
        after = candidate.id();
        if (seat(candidate, left) > 0) {
          if (wanted.size() == Placeholders.MANY_MAX) {
            moreCandidates = true;
            return;
          }
          candidates.add(candidate.id());
          wanted.add(candidate.id());
        }
      }
      if (found.size() < CANDIDATES_AT_ONCE) {
        return;
      }
    }
    moreCandidates = true;
  }

  /** Removes as many quick joins as the lobby accepts; answers how many. */
  private static int seat(Candidate candidate, List<QuickJoinCriteria> left) {
    int before = left.size();
    int room = candidate.room();
    for (var quickJoins = left.iterator(); quickJoins.hasNext() && room > 0; ) {
      QuickJoinCriteria next = quickJoins.next();
      Map<String, Object> wanted = next.metadata();
      if (next.players() <= room
          && (wanted.isEmpty() || LobbyRules.fits(candidate.data(), wanted))) {
        room -= next.players();
        quickJoins.remove();
      }
    }
    return before - left.size();
  }

  /** Empty if there is no such player, or no task needs the player. */
  Optional<PlayerSummary> player(PlayerId id) {
    return Optional.ofNullable(people.get(id));
  }

  /** Empty if no task needs it, or it is not open, or it has changed since it was read. */
  Optional<EnteringParty> party(PartyId id) {
    return Optional.ofNullable(parties.get(id));
  }

  /** Empty if no task needs it, or it is not open, or its row is not to be had. */
  Optional<Lobby> lobby(LobbyId id) {
    return Optional.ofNullable(lobbies.get(id)).map(Stored::lobby);
  }

  /** As {@link #lobby}, the lobby that the player is in. */
  Optional<Lobby> lobbyOf(PlayerId player) {
    return player(player).map(PlayerSummary::lobby).flatMap(this::lobby);
  }

  Map<LobbyId, Stored> lobbies() {
    return Collections.unmodifiableMap(lobbies);
  }

  /** Oldest account first. Read now if no task has asked for them. */
  List<PlayerSummary> members(LobbyId lobby) {
    return members.computeIfAbsent(
        lobby, _ -> players.findMembers(tx, List.of(lobby)).getOrDefault(lobby, List.of()));
  }

  /** Lobbies that quick joins may end in, oldest first; some may not be in {@link #lobbies}. */
  SortedSet<LobbyId> candidates() {
    return Collections.unmodifiableSortedSet(candidates);
  }

  /** Whether a lobby that was not found is not open; otherwise others may have locked it. */
  boolean isComplete() {
    return waits || tx.dialect() == Dialect.SQLITE;
  }

  /** Whether no open lobby is left that a quick join might end in. */
  boolean hasAllCandidates() {
    return isComplete() || (!moreCandidates && lobbies.keySet().containsAll(candidates));
  }
}
