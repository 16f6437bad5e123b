package dev.rookery.presence;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.Topic;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.player.Player;
import dev.rookery.player.Players;
import dev.rookery.presence.PresenceStore.Run;
import dev.rookery.store.Database;
import dev.rookery.store.Dialect;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Transaction;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows who is connected to this node, and keeps the store agreeing. Exactly one of it runs on a
 * node.
 *
 * <p>Connections are counted here; the store has one row for each player and node. The first row of
 * a player makes him online, the last one to go makes him offline, on whichever nodes they were. A
 * node says every few seconds that it is alive. One that is silent for {@link #FORGOTTEN_AFTER} is
 * given up for dead by the others, who show its players out; should it come back it notices, and
 * shows its players in again.
 */
public final class PresenceVerticle extends VerticleBase {
  /** How long a node that was killed keeps its players online, and {@link #BEAT_EVERY} more. */
  public static final Duration FORGOTTEN_AFTER = Duration.ofSeconds(60);

  private static final Logger LOG = LoggerFactory.getLogger(PresenceVerticle.class);

  private static final Duration BEAT_EVERY = Duration.ofSeconds(10);
  private static final Duration SEEN_EVERY = Duration.ofMinutes(3);
  private static final Duration ORPHANS_EVERY = Duration.ofHours(1);
  private static final int RUNS_AT_ONCE_MAX = 16;
  private static final int ROWS_AT_ONCE_MAX = 200;
  private static final int SHOWN_OUT_AT_ONCE = 20;

  private final Bus bus;
  private final Database database;
  private final InstantSource clock;
  private final String node;
  private final Players players;
  private final PresenceStore rows;
  private final Map<PlayerId, Set<String>> here = new HashMap<>();
  private final Set<PlayerId> goneUntold = new HashSet<>();
  private final Turns<PlayerId> turns = new Turns<>();
  private final Turns<String> runs = new Turns<>();
  private final Set<String> busy = new HashSet<>();
  private long epoch;
  private boolean leaving;

  /**
   * @param node its name among the nodes, the same after a restart
   */
  public PresenceVerticle(Bus bus, Database database, InstantSource clock, String node) {
    this.bus = bus;
    this.database = database;
    this.clock = clock;
    this.node = node;
    this.players = new Players(clock);
    this.rows = new PresenceStore(node);
  }

  @Override
  public Future<?> start() {
    epoch =
        database.write(
            tx -> {
              if (tx.dialect() == Dialect.SQLITE) {
                // The file belongs to this process, so all other runs are over.
                rows.giveUp(tx, Long.MAX_VALUE);
              }
              return rows.register(tx);
            });
    every(BEAT_EVERY, "say that the node is alive", this::beat);
    every(BEAT_EVERY, "tell who has gone", this::tellGone);
    every(BEAT_EVERY, "show out the players of dead nodes", this::clearDead);
    every(SEEN_EVERY, "see who is here", this::seeAll);
    every(ORPHANS_EVERY, "clear what was left behind", this::clearOrphans);
    // Players of the run before, unless they are here again already.
    once("clear the run before", () -> clear(new Run(node, epoch - 1)));
    once("show out the players of dead nodes", this::clearDead);
    once("clear what was left behind", this::clearOrphans);
    return bus.<PresenceCommand<?>>serve(PresenceCommand.ADDRESS, this::handle);
  }

  /** Leaves in order: others need not wait until this node is given up for dead. */
  @Override
  public Future<?> stop() {
    leaving = true;
    var run = new Run(node, epoch);
    database.write(
        tx -> {
          rows.resign(tx, run.epoch());
          return Done.DONE;
        });
    clear(run);
    return Future.succeededFuture();
  }

  private Object handle(PresenceCommand<?> command) {
    return switch (command) {
      case PresenceCommand.Arrive(var player, var connection) ->
          turns.take(player, () -> arrive(player, connection));
      case PresenceCommand.Depart(var player, var connection) ->
          turns.take(player, () -> depart(player, connection));
    };
  }

  private Arrival arrive(PlayerId player, String connection) {
    Arrival arrival;
    try {
      arrival = showIn(player);
    } catch (Refused refused) {
      if (refused.refusal() instanceof Refusal.Unavailable && !here.containsKey(player)) {
        // Nobody knows whether it was written; if so it has to be taken back.
        goneUntold.add(player);
      }
      throw refused;
    }
    here.computeIfAbsent(player, _ -> new HashSet<>()).add(connection);
    return arrival;
  }

  private Arrival showIn(PlayerId player) {
    long run = epoch;
    return tryShowIn(player, run)
        .or(
            () -> {
              registerAgain(run);
              return tryShowIn(player, epoch);
            })
        .orElseThrow(() -> new Refused(new Refusal.Unavailable("node_leaving")));
  }

  private Optional<Arrival> tryShowIn(PlayerId player, long run) {
    return database.write(
        tx -> {
          Player arrived = players.arrive(tx, player);
          return rows.arrive(tx, player, run)
              .map(
                  place -> {
                    if (place.first()) {
                      tellLobby(tx, arrived, true);
                    }
                    return new Arrival(arrived, place.position());
                  });
        });
  }

  private Done depart(PlayerId player, String connection) {
    Set<String> connections = here.get(player);
    if (connections == null || !connections.remove(connection) || !connections.isEmpty()) {
      return Done.DONE;
    }
    here.remove(player);
    try {
      showOut(List.of(player), new Run(node, epoch));
    } catch (Refused refused) {
      goneUntold.add(player);
      throw refused;
    }
    return Done.DONE;
  }

  /** By ascending id, as everybody who locks several players. */
  private void showOut(List<PlayerId> gone, Run run) {
    database.write(
        tx -> {
          gone.forEach(player -> showOut(tx, player, run));
          return Done.DONE;
        });
  }

  private void showOut(Transaction tx, PlayerId player, Run run) {
    boolean exists = players.hold(tx, player);
    if (rows.departLast(tx, player, run) && exists) {
      tellLobby(tx, players.depart(tx, player), false);
    }
  }

  // His own stream is not told: that only presence changed is nothing his own sockets are shown.
  private void tellLobby(Transaction tx, Player player, boolean online) {
    LobbyId lobby = player.lobby();
    if (lobby != null) {
      String stream = Topic.lobby(lobby);
      players.tell(tx, player, stream);
      tx.append(
          stream, online ? new PresenceEvent.Online(player) : new PresenceEvent.Offline(player));
    }
  }

  private void beat() {
    long run = epoch;
    if (!database.write(tx -> rows.beat(tx, run))) {
      registerAgain(run);
    }
  }

  /** That run was given up for dead, so its rows are gone or going: begin a new one. */
  private void registerAgain(long dead) {
    runs.take(
        node,
        () -> {
          if (epoch == dead && !leaving) {
            LOG.warn("node {} was silent so long that it was given up for dead: anew", node);
            epoch = database.write(rows::register);
            once("show everybody in again", this::showAllInAgain);
          }
          return Done.DONE;
        });
  }

  private void showAllInAgain() {
    for (PlayerId player : List.copyOf(here.keySet())) {
      turns.take(player, () -> here.containsKey(player) ? showInAgain(player) : Done.DONE);
    }
  }

  private Done showInAgain(PlayerId player) {
    try {
      showIn(player);
    } catch (Refused refused) {
      LOG.warn("player {} could not be shown in again: {}", player, refused.getMessage());
    }
    return Done.DONE;
  }

  private void tellGone() {
    for (PlayerId player : List.copyOf(goneUntold)) {
      turns.take(
          player,
          () -> {
            if (!here.containsKey(player)) {
              showOut(List.of(player), new Run(node, epoch));
            }
            goneUntold.remove(player);
            return Done.DONE;
          });
    }
  }

  private void seeAll() {
    var all = here.keySet().stream().sorted(Players.BY_ID).toList();
    for (int from = 0; from < all.size(); from += Placeholders.MANY_MAX) {
      var some = all.subList(from, Math.min(all.size(), from + Placeholders.MANY_MAX));
      database.write(
          tx -> {
            players.see(tx, some);
            return Done.DONE;
          });
    }
  }

  private void clearDead() {
    long silentSince = clock.instant().minus(FORGOTTEN_AFTER).toEpochMilli();
    List<Run> dead =
        database.write(
            tx -> {
              rows.giveUp(tx, silentSince);
              return rows.dead(tx, RUNS_AT_ONCE_MAX);
            });
    for (Run run : dead) {
      LOG.info("node {} has left; showing out its players", run.node());
      clear(run);
      database.write(
          tx -> {
            rows.forget(tx, run);
            return Done.DONE;
          });
    }
  }

  private void clearOrphans() {
    rows.orphans(database, RUNS_AT_ONCE_MAX).forEach(this::clear);
  }

  /** Shows out everybody who is still said to be there, a few at a time. */
  private void clear(Run run) {
    List<PlayerId> left = rows.of(database, run, ROWS_AT_ONCE_MAX);
    while (!left.isEmpty()) {
      for (int from = 0; from < left.size(); from += SHOWN_OUT_AT_ONCE) {
        showOut(left.subList(from, Math.min(left.size(), from + SHOWN_OUT_AT_ONCE)), run);
      }
      left = rows.of(database, run, ROWS_AT_ONCE_MAX);
    }
  }

  private void every(Duration interval, String what, Runnable work) {
    vertx.setPeriodic(interval.toMillis(), _ -> attempt(what, work));
  }

  private void once(String what, Runnable work) {
    context.runOnContext(_ -> attempt(what, work));
  }

  /** Upkeep waits for its turn to be over, and goes on next time if it fails. */
  private void attempt(String what, Runnable work) {
    if (leaving || !busy.add(what)) {
      return;
    }
    try {
      work.run();
    } catch (RuntimeException failed) {
      LOG.warn("could not {}, trying again: {}", what, failed.toString());
    } finally {
      busy.remove(what);
    }
  }
}
