package dev.rookery.relay;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.cluster.NodeLiveness;
import dev.rookery.relay.RelayCommand.SeatClaim;
import dev.rookery.relay.RelayCommand.SeatGrant;
import dev.rookery.store.Database;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Stores the seats of a cluster as rows. A row is valid while the node run that wrote it is alive.
 */
final class SeatStore {
  private static final int TRIES_MAX = 10;
  private static final int DELETE_BATCH = 1_000;

  private static final String REMOVE =
      "DELETE FROM relay_seat WHERE room = $1 AND number = $2 RETURNING node";

  private static final String ADD =
      """
      INSERT INTO relay_seat (room, number, node, run) VALUES ($1, $2, $3, $4)
      ON CONFLICT (room, number) DO NOTHING RETURNING id
      """;

  private static final String OTHER =
      "SELECT id, room, number, node FROM relay_seat WHERE room = $1 AND number = $2 AND "
          + NodeLiveness.isAliveCondition("relay_seat.run");

  private static final String FREE = "DELETE FROM relay_seat WHERE id IN (%s) RETURNING id";

  private static final String AFTER =
      """
      SELECT id, room, number, node FROM relay_seat WHERE id > $1 AND %s ORDER BY id LIMIT $2
      """
          .formatted(NodeLiveness.isAliveCondition("relay_seat.run"));

  private static final String LAST = "SELECT COALESCE(MAX(id), 0) AS last FROM relay_seat";

  private static final String DELETE_BOUNDED =
      """
      DELETE FROM relay_seat WHERE id IN (
        SELECT id FROM relay_seat WHERE %s LIMIT $1)
      RETURNING id
      """;

  private static final String DELETE_DEAD =
      DELETE_BOUNDED.formatted("NOT " + NodeLiveness.isAliveCondition("relay_seat.run"));

  private static final String DELETE_EARLIER =
      """
      DELETE FROM relay_seat WHERE id IN (
        SELECT id FROM relay_seat WHERE node = $1 AND run <> $2 LIMIT $3)
      RETURNING id
      """;

  private final Database database;
  private final String node;
  private final LongSupplier run;

  /**
   * @param run the id of the node's current run
   */
  SeatStore(Database database, String node, LongSupplier run) {
    this.database = database;
    this.node = node;
    this.run = run;
  }

  /**
   * Takes a seat. When both seats of a room are taken at the same time, at least the later one sees
   * the other, because each reads after its own write.
   */
  SeatGrant takeSeat(Seat seat) {
    for (int tries = 0; tries < TRIES_MAX; tries++) {
      Optional<SeatGrant> taken = database.write(tx -> tryTake(tx, seat));
      if (taken.isPresent()) {
        return new SeatGrant(taken.get().claim(), taken.get().previousNode(), otherClaim(seat));
      }
    }
    throw new Refused(new Refusal.Unavailable("seat_busy"));
  }

  /** Empty if another node took the seat concurrently: the ids would not tell which was later. */
  private Optional<SeatGrant> tryTake(Transaction tx, Seat seat) {
    String previousNode =
        tx.run(REMOVE, seat.room(), seat.number()).first(row -> row.text("node")).orElse(null);
    return tx.run(ADD, seat.room(), seat.number(), node, run.getAsLong())
        .first(row -> new SeatGrant(row.number("id"), previousNode, null));
  }

  private @Nullable SeatClaim otherClaim(Seat seat) {
    return database
        .read(OTHER, seat.room(), 1 - seat.number())
        .first(SeatStore::claim)
        .orElse(null);
  }

  /** Releases at most {@link Placeholders#MANY_MAX} claims; idempotent. */
  void free(Collection<Long> claims) {
    int slots = Placeholders.room(claims.size());
    var values = new @Nullable Object[slots];
    Iterator<Long> next = claims.iterator();
    for (int i = 0; i < slots; i++) {
      values[i] = next.hasNext() ? next.next() : null;
    }
    database.write(tx -> tx.run(FREE.formatted(Placeholders.list(1, slots)), values).size());
  }

  /** The valid claims after a given one, oldest first. */
  List<SeatClaim> claimsAfter(Reader reader, long claim, int max) {
    return reader.read(AFTER, claim, max).all(SeatStore::claim);
  }

  long lastClaim(Reader reader) {
    return reader.read(LAST).row(0).number("last");
  }

  /** Deletes the rows of earlier runs of this node. */
  void deleteEarlierRuns() {
    int removed;
    do {
      removed =
          database.write(tx -> tx.run(DELETE_EARLIER, node, run.getAsLong(), DELETE_BATCH).size());
    } while (removed == DELETE_BATCH);
  }

  /** Deletes rows of runs that have ended, at most {@value #DELETE_BATCH} at a time. */
  void deleteDeadRuns() {
    database.write(tx -> tx.run(DELETE_DEAD, DELETE_BATCH).size());
  }

  private static SeatClaim claim(Row row) {
    return new SeatClaim(
        new Seat(row.text("room"), (int) row.number("number")), row.number("id"), row.text("node"));
  }
}
