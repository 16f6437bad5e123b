package dev.rookery.lobby;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Topic;
import dev.rookery.lobby.Batched.Arrival;
import dev.rookery.lobby.Batched.Departure;
import dev.rookery.lobby.Batched.Opening;
import dev.rookery.lobby.Batched.Outcome;
import dev.rookery.lobby.Batched.Readiness;
import dev.rookery.lobby.Batched.Start;
import dev.rookery.player.Player;
import dev.rookery.player.Players;
import dev.rookery.store.Transaction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One transaction for what several players do at the same time in several lobbies.
 *
 * <p>Lobbies are held and read once, become in memory what the rules make of them, and are saved
 * once. Nobody has been answered yet, so whatever order we do things in is a right one: who comes
 * goes first, then who is ready, then who goes, and matches start last. Whoever has something in
 * his way is left out, and nothing is changed for him.
 */
final class Batch {
  private final Transaction tx;
  private final BatchStore rows;
  private final Players players;
  private final Held held;
  private final Map<PlayerId, Outcome> outcomes = new HashMap<>();

  Batch(Transaction tx, BatchStore rows, Players players) {
    this.tx = tx;
    this.rows = rows;
    this.players = players;
    this.held = new Held(tx, rows);
  }

  /**
   * Does what can be done.
   *
   * @param all one thing of each player
   * @param run of this node
   * @return what came of it, by player; who is not in it was left out
   */
  Map<PlayerId, Outcome> carryOut(Collection<Batched> all, long run) {
    var openings = new Openings(tx, rows, only(Opening.class, all));
    List<Arrival> coming = only(Arrival.class, all);
    List<Readiness> readiness = only(Readiness.class, all);
    List<Departure> departures = only(Departure.class, all);
    List<Start> starts = only(Start.class, all);

    // Held before any is opened: nobody else may know of those that are opened now.
    Map<PlayerId, LobbyId> places = places(readiness, departures);
    hold(coming, places.values(), starts);
    var arrivals = new Arrivals(held, coming);
    var seats = new HashMap<>(arrivals.admitted(run));
    seats.putAll(openings.insert(players, run));
    Map<PlayerId, Player> seated = seats.isEmpty() ? Map.of() : players.joinLobbies(tx, seats);
    openings.tell(seated).forEach((host, lobby) -> outcomes.put(host, Outcome.in(lobby)));
    outcomes.putAll(arrivals.tell(tx, seated));
    ready(readiness, places);
    depart(departures, places);
    start(starts);
    held.save();
    return outcomes;
  }

  private static <T extends Batched> List<T> only(Class<T> kind, Collection<Batched> all) {
    return all.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private Map<PlayerId, LobbyId> places(List<Readiness> readiness, List<Departure> departures) {
    var places = new HashMap<PlayerId, LobbyId>();
    var asked = new ArrayList<PlayerId>();
    for (Readiness one : readiness) {
      if (one.lobby() == null) {
        asked.add(one.player());
      } else {
        places.put(one.player(), one.lobby());
      }
    }
    departures.forEach(one -> asked.add(one.player()));
    if (!asked.isEmpty()) {
      places.putAll(players.findLobbies(tx, asked));
    }
    return places;
  }

  private void hold(List<Arrival> coming, Collection<LobbyId> places, List<Start> starts) {
    var wanted = new HashSet<>(places);
    coming.forEach(one -> wanted.add(one.lobby()));
    starts.forEach(one -> wanted.add(one.lobby()));
    held.hold(wanted);
  }

  /** A lobby in which several did something hears once what they made of it together. */
  private void ready(List<Readiness> readiness, Map<PlayerId, LobbyId> places) {
    var changed = new LinkedHashSet<LobbyId>();
    for (Readiness one : readiness) {
      Lobby lobby = held.get(places.get(one.player()));
      Roster roster = lobby == null ? null : lobby.roster();
      if (lobby == null || roster == null || roster.find(one.player()).isEmpty()) {
        continue;
      }
      Roster readied = RosterRules.ready(roster, one.player(), one.ready());
      Lobby now = lobby.next(lobby.members(), lobby.host(), lobby.hostName(), readied);
      held.put(now);
      changed.add(now.id());
      outcomes.put(one.player(), Outcome.in(now));
    }
    for (LobbyId id : changed) {
      Lobby now = Objects.requireNonNull(held.get(id));
      tx.append(Topic.lobby(id), new LobbyEvent.TeamsChanged(now));
    }
  }

  private void depart(List<Departure> departures, Map<PlayerId, LobbyId> places) {
    var goers = new LinkedHashMap<PlayerId, LobbyId>();
    for (Departure one : departures) {
      LobbyId place = places.get(one.player());
      if (place == null) {
        outcomes.put(one.player(), Outcome.OUT);
      } else if (held.get(place) != null) {
        goers.put(one.player(), place);
      }
    }
    for (PlayerId gone : new Departures(tx, players, held).leave(goers)) {
      outcomes.put(gone, Outcome.OUT);
    }
  }

  private void start(List<Start> starts) {
    var started = new ArrayList<LobbyId>();
    for (Start one : starts) {
      Lobby lobby = held.get(one.lobby());
      if (lobby != null && MatchStarts.mayStart(lobby, one.player())) {
        Match begun = MatchStarts.tell(tx, lobby, one);
        held.close(lobby.next(0, null, "", lobby.roster()));
        started.add(lobby.id());
        outcomes.put(one.player(), new Outcome(lobby, begun, null));
      }
    }
    if (!started.isEmpty()) {
      players.removeAllMembers(tx, started);
    }
  }
}
