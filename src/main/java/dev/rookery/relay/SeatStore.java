package dev.rookery.relay;

import dev.rookery.cluster.NodeLiveness;
import dev.rookery.relay.RelayCommand.SeatClaim;
import dev.rookery.relay.RelayCommand.SeatGrant;
import dev.rookery.store.Batcher.Outcome;
import dev.rookery.store.Database;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.StatementTexts;
import dev.rookery.store.Transaction;
import dev.rookery.store.ValuesTable;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Stores the seats of a cluster as rows. A row is valid while the node run that wrote it is alive.
 */
final class SeatStore {
  private static final int DELETE_BATCH = 1_000;

  // Rows are locked, and inserted, in one order: two nodes may take the same seats.
  private static final String LOCK =
      """
      SELECT relay_seat.id FROM relay_seat, %%s
      WHERE relay_seat.room = given.column1
        AND relay_seat.number = CAST(given.column2 AS INTEGER)
      ORDER BY relay_seat.room, relay_seat.number%s
      """;

  private static final String REMOVE =
      """
      DELETE FROM relay_seat WHERE EXISTS (
        SELECT 1 FROM %s
        WHERE given.column1 = relay_seat.room
          AND CAST(given.column2 AS INTEGER) = relay_seat.number)
      RETURNING room, number, node
      """;

  private static final String ADD =
      """
      INSERT INTO relay_seat (room, number, node, run)
      SELECT given.column1, CAST(given.column2 AS INTEGER), CAST($1 AS TEXT), CAST($2 AS BIGINT)
      FROM %s WHERE given.column1 IS NOT NULL
      ORDER BY given.column1, given.column2
      ON CONFLICT (room, number) DO NOTHING RETURNING id, room, number
      """;

  private static final String OTHERS =
      "SELECT id, room, number, node FROM relay_seat WHERE (room, number) IN (VALUES %s) AND "
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
  private final StatementTexts texts = new StatementTexts();

  /**
   * @param run the id of the node's current run
   */
  SeatStore(Database database, String node, LongSupplier run) {
    this.database = database;
    this.node = node;
    this.run = run;
  }

  /**
   * Takes seats, at most {@link Placeholders#MANY_MAX} and each at most once, with one commit. When
   * both seats of a room are taken at the same time, at least the later one sees the other, because
   * each reads after its own write. A seat that another node took concurrently is to be tried
   * again: the ids would not tell which of the two was later.
   */
  List<Outcome<SeatGrant>> takeSeats(List<RelayCommand.Sit> commands, boolean retry) {
    List<Seat> seats = commands.stream().map(RelayCommand.Sit::seat).toList();
    Map<Seat, SeatGrant> taken = database.write(tx -> take(tx, seats));
    Map<Seat, SeatClaim> others = otherClaims(taken.keySet());
    return seats.stream()
        .map(
            seat -> {
              SeatGrant grant = taken.get(seat);
              return grant == null
                  ? Outcome.<SeatGrant>retry()
                  : Outcome.done(
                      new SeatGrant(grant.claim(), grant.previousNode(), others.get(seat.other())));
            })
        .toList();
  }

  private Map<Seat, SeatGrant> take(Transaction tx, List<Seat> seats) {
    var given = new ValuesTable(2);
    seats.forEach(seat -> given.add(seat.room(), seat.number()));
    given.run(tx, texts, LOCK.formatted(tx.dialect().forUpdate()));
    var previousNodes = new HashMap<Seat, String>();
    given
        .run(tx, texts, REMOVE)
        .all(row -> Map.entry(seat(row), row.text("node")))
        .forEach(removed -> previousNodes.put(removed.getKey(), removed.getValue()));
    var taken = new HashMap<Seat, SeatGrant>();
    given
        .run(tx, texts, ADD, node, run.getAsLong())
        .all(row -> Map.entry(seat(row), row.number("id")))
        .forEach(
            added ->
                taken.put(
                    added.getKey(),
                    new SeatGrant(added.getValue(), previousNodes.get(added.getKey()), null)));
    return taken;
  }

  private Map<Seat, SeatClaim> otherClaims(Collection<Seat> seats) {
    if (seats.isEmpty()) {
      return Map.of();
    }
    int slots = Placeholders.room(seats.size());
    var values = new @Nullable Object[2 * slots];
    int place = 0;
    for (Seat seat : seats) {
      values[place++] = seat.room();
      values[place++] = seat.other().number();
    }
    String text =
        texts.of(
            OTHERS,
            seats.size(),
            size ->
                OTHERS.formatted(
                    IntStream.range(0, size)
                        .mapToObj(
                            row ->
                                "(CAST($%d AS TEXT), CAST($%d AS INTEGER))"
                                    .formatted(2 * row + 1, 2 * row + 2))
                        .collect(Collectors.joining(", "))));
    var claims = new HashMap<Seat, SeatClaim>();
    database
        .read(text, values)
        .all(SeatStore::claim)
        .forEach(claim -> claims.put(claim.seat(), claim));
    return claims;
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
    return new SeatClaim(seat(row), row.number("id"), row.text("node"));
  }

  private static Seat seat(Row row) {
    return new Seat(row.text("room"), (int) row.number("number"));
  }
}
