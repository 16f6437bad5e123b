package dev.rookery.notification;

import dev.rookery.base.PlayerId;
import dev.rookery.notification.NotificationSweepStore.Recipients;
import dev.rookery.store.Database;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.IntSupplier;

/**
 * Deletes notifications that are too old, and the oldest of players who hold too many. Each run
 * goes on where the last one ended and looks at the notifications of a bounded number of players,
 * so that no other call waits long for it, and so that no index is kept for it.
 */
final class NotificationSweep {
  private static final int PLAYERS_MAX = 500;

  private static final PlayerId START = new PlayerId(0);

  private final NotificationSweepStore store;
  private final InstantSource clock;
  private final Duration keptFor;
  private final int storedMax;
  private final Counter deleted;
  private PlayerId sweptUpTo = START;

  /**
   * @param keptFor how long a notification is kept after it was created or replaced
   * @param storedMax how many of one player are kept, the newest
   */
  NotificationSweep(Database database, InstantSource clock, Duration keptFor, int storedMax) {
    this.store = new NotificationSweepStore(database);
    this.clock = clock;
    this.keptFor = keptFor;
    this.storedMax = storedMax;
    this.deleted =
        Counter.builder("rookery.notifications.swept")
            .description("Notifications deleted because they were too old or too many")
            .register(database.registry());
  }

  /**
   * Sweeps the notifications of the next players; returns how many it deleted. Run by one node at a
   * time.
   */
  long run() {
    Recipients page = store.next(sweptUpTo, PLAYERS_MAX);
    PlayerId last = page.last();
    if (last == null) {
      sweptUpTo = START;
      return 0;
    }
    long before = clock.instant().minus(keptFor).toEpochMilli();
    long removed = deleteAll(() -> store.deleteOld(sweptUpTo, last, before));
    removed += deleteAll(() -> store.deleteSurplus(sweptUpTo, last, storedMax));
    sweptUpTo = page.players() < PLAYERS_MAX ? START : last;
    return removed;
  }

  private long deleteAll(IntSupplier some) {
    long removed = 0;
    int rows;
    do {
      rows = some.getAsInt();
      deleted.increment(rows);
      removed += rows;
    } while (rows == NotificationSweepStore.ROWS_MAX);
    return removed;
  }
}
