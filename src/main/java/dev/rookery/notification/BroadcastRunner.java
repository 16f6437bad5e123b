package dev.rookery.notification;

import dev.rookery.base.PlayerId;
import dev.rookery.console.Grants;
import dev.rookery.console.Permission;
import dev.rookery.lease.Lease;
import dev.rookery.lease.Leases;
import dev.rookery.notification.Broadcast.State;
import dev.rookery.notification.BroadcastStore.Stored;
import dev.rookery.notification.NotificationWriter.Draft;
import dev.rookery.player.Players;
import dev.rookery.store.Database;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Transaction;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Sends broadcasts, some players at a time. The notifications of a step and how far the broadcast
 * is are stored in one transaction, which is fenced with the lease of this node: each player gets a
 * broadcast once, whichever nodes die. All broadcasts that are due take turns, so that one to a few
 * players does not wait for one to all.
 */
final class BroadcastRunner {
  /** The sender is locked with the recipients. */
  private static final int STEP = Placeholders.MANY_MAX - 1;

  private static final int AT_ONCE = BroadcastCommand.OPEN_MAX;
  private static final Duration IDLE = Duration.ofSeconds(1);

  private final Database database;
  private final Players players;
  private final NotificationWriter writer;
  private final InstantSource clock;
  private final OnlinePlayersAfter online;
  private final int perSecond;
  private final BroadcastStore store = new BroadcastStore();
  private final Grants grants;
  private final Counter reached;

  /**
   * @param perSecond how many players are reached in a second, by all broadcasts together
   */
  BroadcastRunner(
      Database database,
      Players players,
      NotificationWriter writer,
      InstantSource clock,
      OnlinePlayersAfter online,
      int perSecond) {
    this.database = database;
    this.players = players;
    this.writer = writer;
    this.clock = clock;
    this.online = online;
    this.perSecond = perSecond;
    this.grants = new Grants(clock);
    this.reached =
        Counter.builder("rookery.notifications.broadcast")
            .description("Players whom broadcasts of admins have reached")
            .register(database.registry());
  }

  /** Takes a step in each broadcast that is due; returns how long to wait for the next one. */
  Duration run(Lease lease) {
    int reachedNow = 0;
    int open = 0;
    for (Broadcast due : store.open(database, clock.millis(), AT_ONCE)) {
      reachedNow += database.write(tx -> step(tx, lease, due.id()));
      open++;
    }
    reached.increment(reachedNow);
    return open == 0 ? IDLE : Duration.ofMillis(1 + reachedNow * 1_000L / perSecond);
  }

  private int step(Transaction tx, Lease lease, long id) {
    Leases.fence(tx, lease);
    Stored stored = store.lock(tx, id).orElse(null);
    if (stored == null || stored.broadcast().state() != State.OPEN) {
      return 0;
    }
    List<PlayerId> next = next(tx, stored);
    if (next.isEmpty()) {
      store.end(tx, id, State.DONE);
      return 0;
    }
    Broadcast broadcast = stored.broadcast();
    Set<PlayerId> locked = new HashSet<>(next);
    locked.add(broadcast.sender());
    Set<PlayerId> existing = players.lockKeys(tx, locked);
    boolean may =
        grants
            .problem(tx, broadcast.admin(), stored.key(), Permission.NOTIFICATIONS_BROADCAST)
            .isEmpty();
    if (!may || !existing.contains(broadcast.sender())) {
      store.end(tx, id, State.STOPPED);
      return 0;
    }
    List<PlayerId> recipients = next.stream().filter(existing::contains).toList();
    int delivered =
        recipients.isEmpty() ? 0 : writer.putAll(tx, drafts(tx, broadcast, recipients)).size();
    store.advance(tx, id, next.getLast().value(), next.size(), delivered);
    if (next.size() < STEP) {
      store.end(tx, id, State.DONE);
    }
    return next.size();
  }

  private List<PlayerId> next(Transaction tx, Stored stored) {
    return switch (stored.broadcast().audience()) {
      case ALL -> store.nextOfAll(tx, stored.after(), stored.upTo(), STEP);
      case ONLINE -> online.find(tx, new PlayerId(stored.after()), STEP);
      case PLAYERS ->
          stored.recipients().stream()
              .filter(id -> id > stored.after())
              .limit(STEP)
              .map(PlayerId::new)
              .toList();
    };
  }

  private List<Draft> drafts(Transaction tx, Broadcast broadcast, List<PlayerId> recipients) {
    Map<String, Object> metadata = new LinkedHashMap<>(broadcast.metadata());
    metadata.put("type", NotificationKind.ANNOUNCEMENT.type());
    metadata.put("broadcast_id", broadcast.id());
    Map<PlayerId, String> languages =
        broadcast.variants().isEmpty() ? Map.of() : store.languages(tx, recipients);
    return recipients.stream()
        .map(
            player -> {
              var text = broadcast.variant(languages.getOrDefault(player, ""));
              return new Draft(
                  NotificationKind.ANNOUNCEMENT,
                  broadcast.sender(),
                  player,
                  text.title(),
                  text.content(),
                  metadata,
                  0);
            })
        .toList();
  }
}
