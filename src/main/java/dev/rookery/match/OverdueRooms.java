package dev.rookery.match;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.game.GameOverdueException;
import dev.rookery.store.Database;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wakes rooms whose owner does not: it has died, or the room is in the memory of no node. A room
 * that is awake does what is due by itself. Rooms whose match cannot be run at the moment are left
 * for half a minute, so that many of them do not keep others from being looked at.
 */
final class OverdueRooms {
  private static final Logger LOG = LoggerFactory.getLogger(OverdueRooms.class);
  private static final Duration AFTER = Duration.ofSeconds(1);
  private static final Duration BROKEN_FOR = Duration.ofSeconds(30);
  private static final Set<String> UNPLAYABLE = Set.of(Games.NOT_LOADED, GameOverdueException.CODE);
  private static final int BATCH = 1_000;

  private final Database database;
  private final RoomStore rooms;
  private final InstantSource clock;
  private final Consumer<String> wake;
  private final Set<String> waking = ConcurrentHashMap.newKeySet();

  /**
   * @param wake wakes a room, or fails; blocks the virtual thread
   */
  OverdueRooms(Database database, RoomStore rooms, InstantSource clock, Consumer<String> wake) {
    this.database = database;
    this.rooms = rooms;
    this.clock = clock;
    this.wake = wake;
  }

  /** Wakes those that are overdue, each on a thread of its own. */
  void wakeAll() {
    long before = clock.instant().minus(AFTER).toEpochMilli();
    for (String room : rooms.due(database, before, BATCH)) {
      if (waking.add(room)) {
        Thread.startVirtualThread(() -> wakeOnce(room));
      }
    }
  }

  void wakeOnce(String room) {
    try {
      wake.accept(room);
    } catch (RuntimeException failed) {
      boolean unplayable = isUnplayable(failed);
      if (!unplayable) {
        LOG.warn("a room could not be woken", failed);
      }
      if (unplayable || isBroken(failed)) {
        postpone(room);
      }
    } finally {
      waking.remove(room);
    }
  }

  /** Whether the room itself is the cause; otherwise another owner is about to be found. */
  private static boolean isBroken(RuntimeException failed) {
    return !(failed instanceof Refused refused)
        || !(refused.refusal() instanceof Refusal.Unavailable);
  }

  /** Whether a node cannot run its game, of which the log says more elsewhere. */
  private static boolean isUnplayable(RuntimeException failed) {
    return failed instanceof Refused refused && UNPLAYABLE.contains(refused.refusal().code());
  }

  private void postpone(String room) {
    long until = clock.instant().plus(BROKEN_FOR).toEpochMilli();
    database.write(
        tx -> {
          rooms.postponeWake(tx, room, until);
          return true;
        });
  }
}
