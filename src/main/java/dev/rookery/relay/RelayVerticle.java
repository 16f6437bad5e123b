package dev.rookery.relay;

import dev.rookery.base.FatalErrors;
import dev.rookery.base.Refusal;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.relay.RelayCommand.SeatClaim;
import dev.rookery.relay.RelayCommand.SeatGrant;
import dev.rookery.store.Batcher;
import dev.rookery.store.Database;
import dev.rookery.store.Placeholders;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@link RelayCommand}s in a cluster, and makes up for messages that the bus lost: every few
 * seconds it reads the new claims of all nodes and applies them to this node's {@link Relay}. Each
 * read starts at the end of the read before the last one, because higher ids may be committed
 * first.
 */
public final class RelayVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(RelayVerticle.class);

  private static final Duration POLL_INTERVAL = Duration.ofSeconds(3);
  private static final Duration CLEANUP_INTERVAL = Duration.ofMinutes(1);
  private static final int READ_BATCH = 1_000;

  /** Registrations that wait; clients without an account make them, so it is a small number. */
  private static final int WAITING_MAX = 1_000;

  private static final int READS_MAX = 50;

  private final Bus bus;
  private final Database database;
  private final Relay relay;
  private final SeatStore seats;
  private long beforeLast;
  private long last;
  private boolean polling;

  /**
   * @param node the name of this node in the cluster, the same after a restart
   * @param run the id of the node's current run
   */
  public RelayVerticle(Bus bus, Database database, Relay relay, String node, LongSupplier run) {
    this.bus = bus;
    this.database = database;
    this.relay = relay;
    this.seats = new SeatStore(database, node, run);
  }

  @Override
  public Future<?> start() {
    if (!vertx.isClustered()) {
      return Future.succeededFuture();
    }
    seats.deleteEarlierRuns();
    seats.deleteDeadRuns();
    beforeLast = seats.lastClaim(database);
    last = beforeLast;
    var standing =
        new Batcher<Long, Done>(
            context,
            Placeholders.MANY_MAX,
            claims -> {
              seats.free(claims);
              return Collections.nCopies(claims.size(), Done.DONE);
            });
    var sitting =
        new Batcher<RelayCommand.Sit, SeatGrant>(
            context,
            database,
            "seats",
            RelayCommand.Sit::seat,
            new Refusal.Unavailable("seat_busy"),
            WAITING_MAX,
            seats::takeSeats);
    vertx.setPeriodic(POLL_INTERVAL.toMillis(), _ -> poll());
    vertx.setPeriodic(CLEANUP_INTERVAL.toMillis(), _ -> tryOrLog(seats::deleteDeadRuns));
    return bus.<RelayCommand<?>>serve(
            RelayCommand.ADDRESS, command -> handle(command, sitting, standing))
        .compose(_ -> relay.listen());
  }

  private static Object handle(
      RelayCommand<?> command,
      Batcher<RelayCommand.Sit, SeatGrant> sitting,
      Batcher<Long, Done> standing) {
    return switch (command) {
      case RelayCommand.Sit sit -> sitting.ask(sit);
      case RelayCommand.Stand(var claim) -> standing.ask(claim);
    };
  }

  private void poll() {
    if (polling) {
      return;
    }
    polling = true;
    try {
      tryOrLog(this::readNewClaims);
    } finally {
      polling = false;
    }
  }

  private void readNewClaims() {
    long from = beforeLast;
    long upto = from;
    for (int reads = 0; reads < READS_MAX; reads++) {
      List<SeatClaim> found = seats.claimsAfter(database, upto, READ_BATCH);
      for (SeatClaim claim : found) {
        relay.applyClaim(claim);
        upto = claim.claim();
      }
      if (found.size() < READ_BATCH) {
        break;
      }
    }
    beforeLast = Math.max(from, last);
    last = Math.max(last, upto);
  }

  private static void tryOrLog(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error failed) {
      FatalErrors.endIfFatal(failed);
      LOG.warn("Maintaining the relay seats failed, trying again: {}", failed.toString());
    }
  }
}
