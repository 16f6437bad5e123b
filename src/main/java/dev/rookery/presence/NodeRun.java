package dev.rookery.presence;

import dev.rookery.base.PlayerId;
import dev.rookery.bus.Done;
import dev.rookery.presence.PresenceStore.Run;
import dev.rookery.store.Database;
import dev.rookery.store.Dialect;
import dev.rookery.store.Transaction;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This run of this node among the others: says that it is alive, and shows out the players of those
 * that are not. Confined to one verticle on virtual threads.
 */
final class NodeRun {
  private static final Logger LOG = LoggerFactory.getLogger(NodeRun.class);

  private static final int RUNS_AT_ONCE_MAX = 16;
  private static final int ROWS_AT_ONCE_MAX = 200;
  private static final int SHOWN_OUT_AT_ONCE = 20;

  private final Database database;
  private final InstantSource clock;
  private final String node;
  private final PresenceStore rows;
  private final Attendance attendance;
  private final Turns<String> turns = new Turns<>();
  private long epoch;
  private boolean over;

  NodeRun(
      Database database,
      InstantSource clock,
      String node,
      PresenceStore rows,
      Attendance attendance) {
    this.database = database;
    this.clock = clock;
    this.node = node;
    this.rows = rows;
    this.attendance = attendance;
  }

  long epoch() {
    return epoch;
  }

  Run now() {
    return new Run(node, epoch);
  }

  /** Begins. Until then nobody can arrive here. */
  void begin() {
    epoch =
        database.write(
            tx -> {
              if (tx.dialect() == Dialect.SQLITE) {
                // The file belongs to this process, so all other runs are over.
                rows.giveUp(tx, Long.MAX_VALUE);
              }
              return rows.register(tx);
            });
  }

  /**
   * If that run was given up for dead its rows are gone or going. Then a new one begins, and {@code
   * restore} brings back who is here; whoever comes second finds it done.
   */
  void beginAgain(long dead, Runnable restore) {
    turns.take(
        node,
        () -> {
          if (epoch == dead && !over) {
            LOG.warn("node {} was silent so long that it was given up for dead: anew", node);
            epoch = database.write(rows::register);
            restore.run();
          }
          return Done.DONE;
        });
  }

  /** Says that this run is alive; {@code ifDead} hears of the epoch that is not any more. */
  void beat(Consumer<Long> ifDead) {
    long present = epoch;
    if (!database.write(tx -> rows.beat(tx, present))) {
      ifDead.accept(present);
    }
  }

  /** Leaves in order: nobody has to wait until this run is given up for dead. */
  void end() {
    over = true;
    Run last = now();
    write(tx -> rows.resign(tx, last.epoch()));
    clear(last);
  }

  /** Players of earlier runs of this node, unless they are here again already. */
  void clearBefore() {
    clear(new Run(node, epoch - 1));
  }

  /** Gives up for dead who was silent for that long, and shows the players there out. */
  void clearDead(Duration silent) {
    long since = clock.instant().minus(silent).toEpochMilli();
    write(tx -> rows.giveUp(tx, since));
    for (Run run : rows.dead(database, RUNS_AT_ONCE_MAX)) {
      LOG.info("node {} has left; showing out its players", run.node());
      clear(run);
      write(tx -> rows.forget(tx, run));
    }
  }

  /** Shows out who was shown in by a write that came when its node was forgotten already. */
  void clearOrphans() {
    rows.orphans(database, RUNS_AT_ONCE_MAX).forEach(this::clear);
  }

  private void clear(Run run) {
    List<PlayerId> left = rows.of(database, run, ROWS_AT_ONCE_MAX);
    while (!left.isEmpty()) {
      for (int from = 0; from < left.size(); from += SHOWN_OUT_AT_ONCE) {
        int to = Math.min(left.size(), from + SHOWN_OUT_AT_ONCE);
        attendance.showOut(left.subList(from, to), run);
      }
      left = rows.of(database, run, ROWS_AT_ONCE_MAX);
    }
  }

  private void write(Consumer<Transaction> work) {
    database.write(
        tx -> {
          work.accept(tx);
          return Done.DONE;
        });
  }
}
