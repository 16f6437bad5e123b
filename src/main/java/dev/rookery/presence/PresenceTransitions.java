package dev.rookery.presence;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Done;
import dev.rookery.player.AccountEvent;
import dev.rookery.player.Player;
import dev.rookery.player.Players;
import dev.rookery.presence.PresenceStore.Entry;
import dev.rookery.store.Batcher;
import dev.rookery.store.Batcher.Outcome;
import dev.rookery.store.Database;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Transaction;
import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes players online and offline: their rows, and the events of their lobbies and parties.
 * Players who arrive at the same time share a transaction and two statements, players who leave
 * share one and three; when a node is lost, thousands arrive at another.
 */
final class PresenceTransitions {
  /** How many players leave in one transaction. */
  static final int AT_ONCE_MAX = Placeholders.MANY_MAX;

  private static final int RUNS_AT_ONCE_MAX = 16;

  private final Database database;
  private final Players players;
  private final PresenceListener listener;
  private final PresenceStore store = new PresenceStore();
  private final Batcher<Arriving, Optional<Arrival>> arrivals;
  private final Batcher<Departure, Done> departures;

  /**
   * @param context of the verticle on virtual threads that serves the commands
   * @param listener is told after each commit who came online or went offline
   */
  PresenceTransitions(
      Context context, Database database, Players players, PresenceListener listener) {
    this.database = database;
    this.listener = listener;
    this.players = players;
    var busy = new Refusal.Unavailable("busy");
    this.arrivals =
        new Batcher<>(
            context, database, "presence.arrive", Arriving::player, busy, (all, _) -> arrive(all));
    this.departures =
        new Batcher<>(
            context,
            database,
            "presence.leave",
            departure -> departure.departed.player,
            busy,
            (all, _) -> leave(all));
  }

  /** A player who was last seen at that time. */
  record Departed(PlayerId player, long seenMs) {}

  private record Arriving(PlayerId player, long run) {}

  private record Departure(Departed departed, long run) {}

  /**
   * Makes a player online who arrives at a run of this node. Empty if the run was declared dead;
   * {@code Missing("player_not_found")}.
   */
  Optional<Arrival> arrive(PlayerId player, long run) {
    return arrivals.ask(new Arriving(player, run));
  }

  /** Makes a player offline who leaves a run of this node, unless the player is at another one. */
  void leave(Departed departed, long run) {
    departures.ask(new Departure(departed, run));
  }

  /** As {@link #leave}, of at most {@link #AT_ONCE_MAX} players. */
  void leaveAll(List<Departed> departed, long run) {
    if (!departed.isEmpty()) {
      List<Player> gone = database.write(tx -> leave(tx, departed, run));
      if (!gone.isEmpty()) {
        listener.onOffline(gone);
      }
    }
  }

  /** Makes every player leave a run that has ended. */
  void leaveRun(long run, long seenMs) {
    List<PlayerId> left = store.find(database, run, AT_ONCE_MAX);
    while (!left.isEmpty()) {
      leaveAll(left.stream().map(player -> new Departed(player, seenMs)).toList(), run);
      left = store.find(database, run, AT_ONCE_MAX);
    }
  }

  /** Runs that are forgotten, and still have players since a write came late. */
  List<Long> forgottenRuns() {
    return store.findForgottenRuns(database, RUNS_AT_ONCE_MAX);
  }

  /** Nearly always there is one run. */
  private List<Outcome<Optional<Arrival>>> arrive(List<Arriving> all) {
    var arrived = new HashMap<PlayerId, Optional<Arrival>>();
    all.stream()
        .collect(
            Collectors.groupingBy(
                Arriving::run, Collectors.mapping(Arriving::player, Collectors.toSet())))
        .forEach((run, ids) -> arrived.putAll(arriveAtRun(ids, run)));
    return all.stream()
        .map(
            one -> {
              Optional<Arrival> arrival = arrived.get(one.player);
              return arrival == null
                  ? Outcome.<Optional<Arrival>>refused(Refused.missing("player_not_found"))
                  : Outcome.done(arrival);
            })
        .toList();
  }

  private Map<PlayerId, Optional<Arrival>> arriveAtRun(Set<PlayerId> ids, long run) {
    // The transaction may be carried out more than once; only the last one counts.
    var cameOnline = new ArrayList<Player>();
    Map<PlayerId, Optional<Arrival>> arrived =
        database.write(
            tx -> {
              cameOnline.clear();
              return arrive(tx, ids, run, cameOnline);
            });
    if (!cameOnline.isEmpty()) {
      listener.onOnline(cameOnline);
    }
    return arrived;
  }

  private Map<PlayerId, Optional<Arrival>> arrive(
      Transaction tx, Set<PlayerId> ids, long run, List<Player> cameOnline) {
    Map<PlayerId, Player> online = players.setOnline(tx, ids);
    Map<PlayerId, Entry> entries =
        online.isEmpty() ? Map.of() : store.add(tx, online.keySet(), run);
    var arrived = new HashMap<PlayerId, Optional<Arrival>>();
    online.forEach(
        (id, player) -> arrived.put(id, arrival(tx, player, entries.get(id), cameOnline)));
    return arrived;
  }

  private Optional<Arrival> arrival(
      Transaction tx, Player player, @Nullable Entry entry, List<Player> cameOnline) {
    if (entry == null) {
      return Optional.empty();
    }
    if (entry.first()) {
      AccountEvent.append(tx, AccountEvent.Online.class, player, AccountEvent.Online::new);
      appendToShared(tx, player, true);
      cameOnline.add(player);
    }
    return Optional.of(new Arrival(player, entry.position(), entry.hasNotifications()));
  }

  private List<Outcome<Done>> leave(List<Departure> all) {
    all.stream()
        .collect(
            Collectors.groupingBy(
                Departure::run, Collectors.mapping(Departure::departed, Collectors.toList())))
        .forEach((run, departed) -> leaveAll(departed, run));
    return all.stream().map(_ -> Outcome.done(Done.DONE)).toList();
  }

  /** Returns those who went offline. */
  private List<Player> leave(Transaction tx, List<Departed> departed, long run) {
    Map<PlayerId, Long> seenMs =
        departed.stream().collect(Collectors.toMap(Departed::player, Departed::seenMs));
    Set<PlayerId> existing = players.lockRows(tx, seenMs.keySet());
    Set<PlayerId> removed = store.remove(tx, seenMs.keySet(), run);
    seenMs.keySet().removeIf(player -> !removed.contains(player) || !existing.contains(player));
    if (seenMs.isEmpty()) {
      return List.of();
    }
    Map<PlayerId, Player> offline = players.setOffline(tx, seenMs);
    List<Player> gone =
        departed.stream().flatMap(one -> Stream.ofNullable(offline.get(one.player))).toList();
    for (Player player : gone) {
      AccountEvent.append(tx, AccountEvent.Offline.class, player, AccountEvent.Offline::new);
      appendToShared(tx, player, false);
    }
    return gone;
  }

  // Not to the player's own stream: a change of presence alone is nothing that the player is shown.
  private void appendToShared(Transaction tx, Player player, boolean online) {
    for (String stream : Players.sharedStreams(player)) {
      players.appendChange(tx, player, stream);
      tx.append(
          stream, online ? new PresenceEvent.Online(player) : new PresenceEvent.Offline(player));
    }
  }
}
