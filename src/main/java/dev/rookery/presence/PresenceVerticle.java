package dev.rookery.presence;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.player.Players;
import dev.rookery.store.Database;
import dev.rookery.store.Placeholders;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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

  private final Bus bus;
  private final Database database;
  private final Players players;
  private final Attendance attendance;
  private final NodeRun run;
  private final Turns<PlayerId> turns = new Turns<>();
  private final Map<PlayerId, Set<String>> here = new HashMap<>();
  // Left, but the store could not be told, or did not say whether it was.
  private final Set<PlayerId> goneUntold = new HashSet<>();
  private final Set<String> underWay = new HashSet<>();
  private boolean leaving;

  /**
   * @param node its name among the nodes; a run under the same name takes the place of the last one
   */
  public PresenceVerticle(Bus bus, Database database, InstantSource clock, String node) {
    var rows = new PresenceStore(node);
    this.bus = bus;
    this.database = database;
    this.players = new Players(clock);
    this.attendance = new Attendance(database, players, rows);
    this.run = new NodeRun(database, clock, node, rows, attendance);
  }

  @Override
  public Future<?> start() {
    run.begin();
    every(BEAT_EVERY, "say that the node is alive", () -> run.beat(this::beginAgain));
    every(BEAT_EVERY, "tell who has gone", this::tellGone);
    every(BEAT_EVERY, "show out the players of dead nodes", this::clearDead);
    every(SEEN_EVERY, "see who is here", this::seeAll);
    every(ORPHANS_EVERY, "clear what was left behind", run::clearOrphans);
    once("clear the run before", run::clearBefore);
    once("show out the players of dead nodes", this::clearDead);
    once("clear what was left behind", run::clearOrphans);
    return bus.<PresenceCommand<?>>serve(PresenceCommand.ADDRESS, this::handle);
  }

  @Override
  public Future<?> stop() {
    leaving = true;
    run.end();
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
        goneUntold.add(player);
      }
      throw refused;
    }
    here.computeIfAbsent(player, _ -> new HashSet<>()).add(connection);
    return arrival;
  }

  private Arrival showIn(PlayerId player) {
    long epoch = run.epoch();
    return attendance
        .showIn(player, epoch)
        .or(
            () -> {
              beginAgain(epoch);
              return attendance.showIn(player, run.epoch());
            })
        .orElseThrow(() -> new Refused(new Refusal.Unavailable("node_leaving")));
  }

  private Done depart(PlayerId player, String connection) {
    Set<String> connections = here.get(player);
    if (connections == null || !connections.remove(connection) || !connections.isEmpty()) {
      return Done.DONE;
    }
    here.remove(player);
    try {
      attendance.showOut(List.of(player), run.now());
    } catch (Refused refused) {
      goneUntold.add(player);
      throw refused;
    }
    return Done.DONE;
  }

  private void beginAgain(long dead) {
    run.beginAgain(dead, () -> once("show everybody in again", this::showAllInAgain));
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
              attendance.showOut(List.of(player), run.now());
            }
            goneUntold.remove(player);
            return Done.DONE;
          });
    }
  }

  private void clearDead() {
    run.clearDead(FORGOTTEN_AFTER);
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

  private void every(Duration interval, String what, Runnable work) {
    vertx.setPeriodic(interval.toMillis(), _ -> attempt(what, work));
  }

  private void once(String what, Runnable work) {
    context.runOnContext(_ -> attempt(what, work));
  }

  /** Upkeep is not begun again before it is done, and goes on next time if it fails. */
  private void attempt(String what, Runnable work) {
    if (leaving || !underWay.add(what)) {
      return;
    }
    try {
      work.run();
    } catch (RuntimeException failed) {
      if (!leaving) {
        LOG.warn("could not {}, trying again: {}", what, failed.toString());
      }
    } finally {
      underWay.remove(what);
    }
  }
}
