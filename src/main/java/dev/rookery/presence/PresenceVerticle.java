package dev.rookery.presence;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.cluster.Membership;
import dev.rookery.cluster.MembershipListener;
import dev.rookery.lease.ClusterScheduler;
import dev.rookery.player.Players;
import dev.rookery.presence.Attendance.Gone;
import dev.rookery.store.Database;
import dev.rookery.store.Placeholders;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows who is connected to this node, and keeps the store agreeing. Exactly one of it runs on a
 * node.
 *
 * <p>Connections are counted here; the store has one row for each player and run of a node. The
 * first row of a player makes him online, the last one to go makes him offline, on whichever nodes
 * they were. When his last connection ends his row stays for the grace, so that nobody sees him go
 * who comes back at once, wherever he does. When the node leaves or dies {@link Leavers} does the
 * same for its rows. A run that was given up for dead has nobody: its sockets are closed, and who
 * comes back arrives at the next one.
 */
public final class PresenceVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(PresenceVerticle.class);

  private static final Duration LOOK_EVERY = Duration.ofMillis(250);
  private static final Duration SEEN_EVERY = Duration.ofMinutes(3);
  private static final Duration LEAVERS_EVERY = Duration.ofMillis(500);
  private static final Duration LATE_EVERY = Duration.ofHours(1);
  // When the store could not be told, or did not say whether it was.
  private static final Duration AGAIN_AFTER = Duration.ofSeconds(5);

  private final Bus bus;
  private final Database database;
  private final InstantSource clock;
  private final Membership membership;
  private final ClusterScheduler duties;
  private final Duration grace;
  private final Players players;
  private final Attendance attendance;
  private final Leavers leavers;
  private final Turns<PlayerId> turns = new Turns<>();
  private final Map<PlayerId, Set<String>> here = new HashMap<>();
  private final Leaving leaving = new Leaving();
  private volatile int online;
  private boolean lookingSoon;
  private boolean seeing;
  private boolean over;

  public PresenceVerticle(
      Bus bus,
      Database database,
      InstantSource clock,
      Membership membership,
      ClusterScheduler duties,
      PresenceSettings settings) {
    this.bus = bus;
    this.database = database;
    this.clock = clock;
    this.membership = membership;
    this.duties = duties;
    this.grace = settings.grace();
    this.players = new Players(clock);
    this.attendance = new Attendance(database, players);
    this.leavers = new Leavers(membership, attendance, clock, grace);
  }

  /** How many players are connected to this node. */
  public int online() {
    return online;
  }

  @Override
  public Future<?> start() {
    membership.addListener(
        new MembershipListener() {
          @Override
          public void onRunLost(long before, long now) {
            context.runOnContext(_ -> forgetAll());
          }
        });
    duties.schedule("presence", LEAVERS_EVERY, _ -> leavers.showOut());
    duties.schedule("late presence", LATE_EVERY, _ -> leavers.showOutLate());
    vertx.setPeriodic(SEEN_EVERY.toMillis(), _ -> seeAll());
    var arrivals = new Arrivals(context, database, players, attendance);
    return bus.<PresenceCommand<?>>serve(
        PresenceCommand.ADDRESS, command -> handle(command, arrivals));
  }

  @Override
  public Future<?> stop() {
    over = true;
    return Future.succeededFuture();
  }

  private Object handle(PresenceCommand<?> command, Arrivals arrivals) {
    return switch (command) {
      case PresenceCommand.Arrive(var player, var connection) ->
          turns.take(player, () -> arrive(arrivals, player, connection));
      case PresenceCommand.Depart(var player, var connection, var meant) ->
          turns.take(player, () -> depart(player, connection, meant));
    };
  }

  private Arrival arrive(Arrivals arrivals, PlayerId player, String connection) {
    Arrival arrival;
    try {
      arrival = showIn(arrivals, player);
    } catch (Refused refused) {
      if (refused.refusal() instanceof Refusal.Unavailable && !here.containsKey(player)) {
        leaveSoon(player, AGAIN_AFTER);
      }
      throw refused;
    }
    leaving.remove(player);
    here.computeIfAbsent(player, _ -> new HashSet<>()).add(connection);
    online = here.size();
    return arrival;
  }

  private Arrival showIn(Arrivals arrivals, PlayerId player) {
    return arrivals
        .showIn(player, membership.run())
        .or(() -> showInAtNextRun(arrivals, player))
        .orElseThrow(() -> new Refused(new Refusal.Unavailable("node_leaving")));
  }

  /** This run was given up for dead, which the membership will find out now. */
  private Optional<Arrival> showInAtNextRun(Arrivals arrivals, PlayerId player) {
    roundElsewhere().await();
    return arrivals.showIn(player, membership.run());
  }

  /**
   * On a thread that is not this verticle's: a round is made under a lock, and who waited for it
   * here would keep the one who has it from going on.
   */
  private Future<Void> roundElsewhere() {
    Promise<Void> done = Promise.promise();
    Thread.startVirtualThread(
        () -> {
          try {
            membership.heartbeat();
            done.complete();
          } catch (RuntimeException | Error failed) {
            done.fail(failed);
          }
        });
    return done.future();
  }

  private Done depart(PlayerId player, String connection, boolean meant) {
    Set<String> connections = here.get(player);
    if (connections == null || !connections.remove(connection) || !connections.isEmpty()) {
      return Done.DONE;
    }
    here.remove(player);
    online = here.size();
    if (!meant) {
      leaveSoon(player, grace);
      return Done.DONE;
    }
    try {
      attendance.showOut(List.of(new Gone(player, clock.millis())), membership.run());
    } catch (Refused refused) {
      leaveSoon(player, AGAIN_AFTER);
      throw refused;
    }
    return Done.DONE;
  }

  private void leaveSoon(PlayerId player, Duration moment) {
    leaving.put(player, clock.millis(), System.nanoTime(), moment);
    lookSoon();
  }

  private void lookSoon() {
    if (!lookingSoon && !over && !leaving.isEmpty()) {
      lookingSoon = true;
      vertx.setTimer(Math.clamp(grace.toMillis(), 1, LOOK_EVERY.toMillis()), _ -> look());
    }
  }

  /** Shows out those who did not come back in their moment. */
  private void look() {
    try {
      List<PlayerId> due = leaving.due(System.nanoTime(), Attendance.AT_ONCE_MAX);
      while (!due.isEmpty() && !over) {
        showOut(due);
        due = leaving.due(System.nanoTime(), Attendance.AT_ONCE_MAX);
      }
    } finally {
      lookingSoon = false;
      lookSoon();
    }
  }

  private void showOut(List<PlayerId> due) {
    turns.takeAll(
        due,
        () -> {
          long now = System.nanoTime();
          var gone = due.stream().map(one -> leaving.gone(one, now)).filter(Objects::nonNull);
          var all = gone.toList();
          try {
            attendance.showOut(all, membership.run());
            all.forEach(one -> leaving.remove(one.player()));
          } catch (Refused refused) {
            LOG.warn("could not show players out, trying again: {}", refused.getMessage());
            all.forEach(one -> leaving.put(one.player(), one.seenMs(), now, AGAIN_AFTER));
          }
          return Done.DONE;
        });
  }

  /**
   * The rows of the run that was lost are shown out by whoever does that for ended runs; those of
   * players who arrived at the next one before this was heard, here.
   */
  private void forgetAll() {
    here.keySet().forEach(player -> leaveSoon(player, grace));
    here.clear();
    online = 0;
  }

  private void seeAll() {
    if (seeing) {
      return;
    }
    seeing = true;
    try {
      var all = here.keySet().stream().sorted(Players.BY_ID).toList();
      for (int from = 0; from < all.size(); from += Placeholders.MANY_MAX) {
        var some = all.subList(from, Math.min(all.size(), from + Placeholders.MANY_MAX));
        database.write(
            tx -> {
              players.updateLastSeen(tx, some);
              return Done.DONE;
            });
      }
    } catch (Refused refused) {
      LOG.warn("could not note who is here, trying again: {}", refused.getMessage());
    } finally {
      seeing = false;
    }
  }
}
