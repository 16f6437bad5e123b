package dev.rookery.console;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Done;
import dev.rookery.store.Database;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Writes and checks the audit log outside of the transactions of other domains: what was refused,
 * what changes no rows, and sign-ins to the console.
 */
final class AuditRecorder {
  private static final int CHAINS_CHECKED_MAX = 100;
  private static final int REMOVED_AT_ONCE = 500;
  private static final Duration CHECK_AGAIN_AFTER = Duration.ofSeconds(10);

  private final Database database;
  private final AuditLog audit;
  private final InstantSource clock;
  private final AtomicBoolean checking = new AtomicBoolean();
  private final RefusedEntries refusedEntries = new RefusedEntries();
  private final Counter leftOut;

  AuditRecorder(Database database, AuditLog audit, InstantSource clock) {
    this.database = database;
    this.audit = audit;
    this.clock = clock;
    this.leftOut =
        Counter.builder("rookery.console.audit.left.out")
            .description(
                "Refused requests of admins without an entry of their own in the audit log")
            .register(database.registry());
  }

  /** Records what was done, or was refused unless the admin had too many requests refused. */
  Done recordBounded(AuditedChange change, String result) {
    recordLeftOut();
    Actor actor = change.actor();
    PlayerId admin = actor.player();
    if (admin != null
        && !result.equals(AuditEntry.DONE)
        && !refusedEntries.admit(admin, actor, clock.millis())) {
      leftOut.increment();
      return Done.DONE;
    }
    return record(change, result);
  }

  /** Writes one entry for all that got none in a minute that has ended. */
  void recordLeftOut() {
    for (RefusedEntries.LeftOut one : refusedEntries.takeEnded(clock.millis())) {
      var change =
          new AuditedChange(
              one.actor(),
              "console_refused",
              "admins/" + one.actor().player(),
              Map.of("requests", one.count(), "recorded", RefusedEntries.PER_MINUTE));
      record(change, "too_many_refused");
    }
  }

  Done record(AuditedChange change, String result) {
    return database.write(
        tx -> {
          audit.record(tx, change, result);
          return Done.DONE;
        });
  }

  /** Reads the whole log, so that one check runs at a time. */
  List<AuditEntry.ChainCheck> check() {
    if (!checking.compareAndSet(false, true)) {
      throw new Refused(new Refusal.Limited("check_is_running", CHECK_AGAIN_AFTER));
    }
    try {
      return audit.store().runs(database, CHAINS_CHECKED_MAX).stream()
          .map(run -> audit.store().check(database, run))
          .toList();
    } finally {
      checking.set(false);
    }
  }

  /** Removes what is older than it must be kept, a part at a time; returns how much. */
  long removeBefore(long untilMs) {
    long all = 0;
    int removed;
    do {
      removed = database.write(tx -> audit.store().removeBefore(tx, untilMs, REMOVED_AT_ONCE));
      all += removed;
    } while (removed >= REMOVED_AT_ONCE);
    return all;
  }
}
