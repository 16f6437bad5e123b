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
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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

  Batch(Transaction tx, BatchStore rows, TieStore ties, Players players) {
    this.tx = tx;
    this.rows = rows;
    this.players = players;
    this.held = new Held(tx, rows, ties);
  }

  /**
   * Does what can be done.
   *
   * @param all one thing of each player
   * @param run of this node
   * @return what came of it, by player; who is not in it was left out
   */
  Map<PlayerId, Outcome> carryOut(Collection<Batched> all, long run) {
    var openings = new Openings(tx, rows, held, only(Opening.class, all));
    List<Arrival> coming = only(Arrival.class, all);
    List<Readiness> readiness = only(Readiness.class, all);
    List<Departure> departures = only(Departure.class, all);
    List<Start> starts = only(Start.class, all);

    // Held before any is opened: nobody else may know of those that are opened now.
    Map<PlayerId, LobbyId> places = places(readiness, departures);
    hold(coming, places.values(), starts);
    var arrivals = new Arrivals(held, coming);
    var seats = new HashMap<>(arrivals.admitted());
    seats.putAll(openings.insert(players));
    Map<PlayerId, Player> seated = seats.isEmpty() ? Map.of() : players.enterAll(tx, seats);
    done(openings.tell(seated));
    done(arrivals.tell(tx, players, seated));
    readiness.forEach(one -> ready(one, places.get(one.player())));
    depart(departures, places);
    start(starts);
    held.save(run);
    return outcomes;
  }

  private static <T extends Batched> List<T> only(Class<T> kind, Collection<Batched> all) {
    return all.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private Map<PlayerId, LobbyId> places(List<Readiness> readiness, List<Departure> departures) {
    var asked = new ArrayList<PlayerId>();
    readiness.forEach(one -> asked.add(one.player()));
    departures.forEach(one -> asked.add(one.player()));
    return asked.isEmpty() ? Map.of() : players.places(tx, asked);
  }

  private void hold(List<Arrival> coming, Collection<LobbyId> places, List<Start> starts) {
    var wanted = new HashSet<>(places);
    coming.forEach(one -> wanted.add(one.lobby()));
    starts.forEach(one -> wanted.add(one.lobby()));
    held.hold(wanted);
  }

  private void done(Map<PlayerId, Lobby> lobbies) {
    lobbies.forEach((player, lobby) -> outcomes.put(player, new Outcome(lobby, null)));
  }

  private void ready(Readiness one, @Nullable LobbyId place) {
    Lobby lobby = held.get(place);
    Roster roster = lobby == null ? null : lobby.roster();
    if (lobby == null || roster == null || roster.find(one.player()).isEmpty()) {
      return;
    }
    Roster readied = RosterRules.ready(roster, one.player(), one.ready());
    Lobby now = lobby.next(lobby.members(), lobby.host(), lobby.hostName(), readied);
    held.put(now);
    tx.append(Topic.lobby(now.id()), new LobbyEvent.TeamsChanged(now));
    outcomes.put(one.player(), new Outcome(now, null));
  }

  private void depart(List<Departure> departures, Map<PlayerId, LobbyId> places) {
    var goers = new LinkedHashMap<PlayerId, LobbyId>();
    for (Departure one : departures) {
      LobbyId place = places.get(one.player());
      if (place == null) {
        outcomes.put(one.player(), new Outcome(null, null));
      } else if (held.get(place) != null) {
        goers.put(one.player(), place);
      }
    }
    for (PlayerId gone : new Departures(tx, players, held).leave(goers)) {
      outcomes.put(gone, new Outcome(null, null));
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
        outcomes.put(one.player(), new Outcome(lobby, begun));
      }
    }
    if (!started.isEmpty()) {
      players.exitAll(tx, started);
    }
  }
}
