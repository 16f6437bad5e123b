package dev.rookery.presence;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.bus.OwnThread;
import dev.rookery.cluster.Membership;
import dev.rookery.cluster.MembershipListener;
import dev.rookery.lease.ClusterScheduler;
import dev.rookery.player.Players;
import dev.rookery.presence.PresenceTransitions.Departed;
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
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the connections of players to this node, and keeps the database in agreement. Exactly one
 * instance runs on a node.
 *
 * <p>The database has one row for each player and run of a node. The first row of a player makes
 * the player online, and removing the last one makes the player offline, on whichever nodes they
 * are. When a player's last connection is closed, the row stays for the grace period, so that
 * nobody sees a player leave who comes back at once, to any node. When the node leaves or dies,
 * {@link OrphanedPresence} does the same for its rows. A run that was declared dead has no players:
 * its sockets are closed, and players who come back arrive at the next run.
 */
public final class PresenceVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(PresenceVerticle.class);

  private static final Duration LOOK_EVERY = Duration.ofMillis(250);
  private static final Duration SEEN_EVERY = Duration.ofMinutes(3);
  private static final Duration ORPHANS_EVERY = Duration.ofMillis(500);
  private static final Duration LATE_EVERY = Duration.ofHours(1);
  // After a write that failed, or whose outcome is unknown.
  private static final Duration AGAIN_AFTER = Duration.ofSeconds(5);

  private final Bus bus;
  private final Database database;
  private final InstantSource clock;
  private final Membership membership;
  private final ClusterScheduler duties;
  private final Duration grace;
  private final Players players;
  private final PresenceListener listener;
  private PresenceTransitions transitions;
  private final KeyedSerializer<PlayerId> serializer = new KeyedSerializer<>();
  private final Map<PlayerId, Set<String>> here = new HashMap<>();
  private final GracePeriod gracePeriod = new GracePeriod();
  private volatile int online;
  private boolean lookingSoon;
  private boolean seeing;
  private boolean over;

  @SuppressWarnings("NullAway.Init") // at the start
  public PresenceVerticle(
      Bus bus,
      Database database,
      InstantSource clock,
      Membership membership,
      ClusterScheduler duties,
      PresenceSettings settings,
      PresenceListener listener) {
    this.listener = listener;
    this.bus = bus;
    this.database = database;
    this.clock = clock;
    this.membership = membership;
    this.duties = duties;
    this.grace = settings.grace();
    this.players = new Players(clock);
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
    transitions = new PresenceTransitions(context, database, players, listener);
    var orphans = new OrphanedPresence(membership, transitions, clock, grace);
    duties.schedule("presence", ORPHANS_EVERY, _ -> orphans.clearEndedRuns());
    duties.schedule("late presence", LATE_EVERY, _ -> orphans.clearForgottenRuns());
    vertx.setPeriodic(SEEN_EVERY.toMillis(), _ -> seeAll());
    return bus.<PresenceCommand<?>>serve(PresenceCommand.ADDRESS, this::handle);
  }

  @Override
  public Future<?> stop() {
    over = true;
    return Future.succeededFuture();
  }

  private Object handle(PresenceCommand<?> command) {
    return switch (command) {
      case PresenceCommand.Arrive(var player, var connection) ->
          serializer.run(player, () -> arrive(player, connection));
      case PresenceCommand.Depart(var player, var connection, var deliberate) ->
          serializer.run(player, () -> depart(player, connection, deliberate));
    };
  }

  private Arrival arrive(PlayerId player, String connection) {
    Arrival arrival;
    try {
      arrival = arriveAtThisRun(player);
    } catch (Refused refused) {
      if (refused.refusal() instanceof Refusal.Unavailable && !here.containsKey(player)) {
        leaveAfter(player, AGAIN_AFTER);
      }
      throw refused;
    }
    gracePeriod.remove(player);
    here.computeIfAbsent(player, _ -> new HashSet<>()).add(connection);
    online = here.size();
    return arrival;
  }

  private Arrival arriveAtThisRun(PlayerId player) {
    return transitions
        .arrive(player, membership.run())
        .or(() -> arriveAtNextRun(player))
        .orElseThrow(() -> new Refused(new Refusal.Unavailable("node_leaving")));
  }

  /** This run was declared dead, which the membership will find out now. */
  private Optional<Arrival> arriveAtNextRun(PlayerId player) {
    roundElsewhere().await();
    return transitions.arrive(player, membership.run());
  }

  /**
   * On a thread that is not this verticle's: a round is made under a lock, and a wait for it here
   * would keep its holder from going on.
   */
  private Future<Done> roundElsewhere() {
    return OwnThread.run(
        "membership of this node",
        () -> {
          membership.heartbeat();
          return Done.DONE;
        });
  }

  private Done depart(PlayerId player, String connection, boolean deliberate) {
    Set<String> connections = here.get(player);
    if (connections == null || !connections.remove(connection) || !connections.isEmpty()) {
      return Done.DONE;
    }
    here.remove(player);
    online = here.size();
    if (!deliberate) {
      leaveAfter(player, grace);
      return Done.DONE;
    }
    try {
      transitions.leave(new Departed(player, clock.millis()), membership.run());
    } catch (Refused refused) {
      leaveAfter(player, AGAIN_AFTER);
      throw refused;
    }
    return Done.DONE;
  }

  private void leaveAfter(PlayerId player, Duration delay) {
    gracePeriod.put(player, clock.millis(), System.nanoTime(), delay);
    lookSoon();
  }

  private void lookSoon() {
    if (!lookingSoon && !over && !gracePeriod.isEmpty()) {
      lookingSoon = true;
      vertx.setTimer(Math.clamp(grace.toMillis(), 1, LOOK_EVERY.toMillis()), _ -> look());
    }
  }

  /** Makes players leave who did not come back in the grace period. */
  private void look() {
    try {
      List<PlayerId> due = gracePeriod.due(System.nanoTime(), PresenceTransitions.AT_ONCE_MAX);
      while (!due.isEmpty() && !over) {
        leaveAll(due);
        due = gracePeriod.due(System.nanoTime(), PresenceTransitions.AT_ONCE_MAX);
      }
    } finally {
      lookingSoon = false;
      lookSoon();
    }
  }

  private void leaveAll(List<PlayerId> due) {
    serializer.runWithAll(
        due,
        () -> {
          long now = System.nanoTime();
          var gone =
              due.stream().map(one -> gracePeriod.departed(one, now)).filter(Objects::nonNull);
          var all = gone.toList();
          try {
            transitions.leaveAll(all, membership.run());
            all.forEach(one -> gracePeriod.remove(one.player()));
          } catch (Refused refused) {
            LOG.warn("could not make players offline, trying again: {}", refused.getMessage());
            all.forEach(one -> gracePeriod.put(one.player(), one.seenMs(), now, AGAIN_AFTER));
          }
          return Done.DONE;
        });
  }

  /**
   * The players of the run that was lost leave as those of every ended run do; here, only the
   * players leave who arrived at the next one before this was known.
   */
  private void forgetAll() {
    here.keySet().forEach(player -> leaveAfter(player, grace));
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
      LOG.warn("could not save who is online, trying again: {}", refused.getMessage());
    } finally {
      seeing = false;
    }
  }
}
