package dev.rookery.lease;

import dev.rookery.cluster.NodeLiveness;
import dev.rookery.store.Dialect;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.StatementTexts;
import dev.rookery.store.Transaction;
import dev.rookery.store.ValuesTable;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Stores leases as rows. A lease is held as long as its run is alive; run 0 stands for no owner.
 */
final class LeaseStore {
  private static final long NO_RUN = 0;
  // Names of a kind lie between these two characters, because {@code 0} follows {@code /}.
  private static final char FROM = '/';
  private static final char UP_TO = '/' + 1;

  private static final String ACQUIRE =
      """
      INSERT INTO lease (name, run, epoch)
      SELECT CAST($1 AS TEXT), node.id, 1 FROM node WHERE node.id = $2 AND node.alive = 1
      ON CONFLICT (name) DO UPDATE SET
        epoch = CASE WHEN lease.run = excluded.run THEN lease.epoch ELSE lease.epoch + 1 END,
        run = excluded.run, transferred_ms = NULL
      WHERE lease.run = excluded.run OR NOT %s
      RETURNING epoch
      """
          .formatted(NodeLiveness.isAliveCondition("lease.run"));

  private static final String TRANSFER =
      """
      UPDATE lease SET run = $1, epoch = epoch + 1, transferred_ms = $5
      WHERE name = $2 AND run = $3 AND epoch = $4 AND %s
      RETURNING epoch
      """
          .formatted(NodeLiveness.isAliveCondition("$1"));

  private static final String RELEASE =
      """
      UPDATE lease SET run = $1, transferred_ms = NULL
      WHERE name = $2 AND run = $3 AND epoch = $4 RETURNING name
      """;

  private static final String RELEASE_ALL =
      "UPDATE lease SET run = $1, transferred_ms = NULL WHERE run = $2 RETURNING name";

  private static final String RELEASE_UNTAKEN =
      """
      UPDATE lease SET run = $1, transferred_ms = NULL
      WHERE run = $2 AND transferred_ms < $3 RETURNING name
      """;

  private static final String FIND_UNTAKEN =
      """
      SELECT name FROM lease
      WHERE run = $1 AND transferred_ms IS NOT NULL AND name >= $2 AND name < $3
      ORDER BY name LIMIT $4
      """;

  private static final String DELETE =
      "DELETE FROM lease WHERE name = $1 AND run = $2 AND epoch = $3 RETURNING name";

  private static final String FIND_ORPHANS =
      """
      SELECT name FROM lease
      WHERE (run = 0 OR run IN (%s)) AND name >= $1 AND name < $2
      ORDER BY name LIMIT $3
      """
          .formatted(NodeLiveness.endedRunsQuery());

  private static final String FIND_OWNED =
      "SELECT name, epoch FROM lease WHERE run = $1 AND name >= $2 AND name < $3 LIMIT $4";

  private static final String FIND_OWNER =
      "SELECT run FROM lease WHERE name = $1 AND " + NodeLiveness.isAliveCondition("lease.run");

  private static final String IS_HELD =
      "SELECT epoch FROM lease WHERE name = $1 AND run = $2 AND epoch = $3";

  private static final String FIND_HELD =
      """
      SELECT lease.name, lease.run, lease.epoch FROM %s JOIN lease ON lease.name = given.column1
        AND lease.run = CAST(given.column2 AS BIGINT)
        AND lease.epoch = CAST(given.column3 AS BIGINT)
      """;

  private static final String FIND_HELD_FOR_SHARE = FIND_HELD + Dialect.POSTGRES.forShare();

  private static final String WITH_OWNER =
      """
      SELECT lease.name AS name, lease.run AS run, lease.epoch AS epoch, node.name AS node
      FROM lease LEFT JOIN node ON node.id = lease.run AND node.alive = 1
      WHERE %s
      """;

  private static final String LIST =
      WITH_OWNER.formatted("lease.name > $1 ORDER BY lease.name LIMIT $2");

  private static final String LIST_OF_KIND =
      WITH_OWNER.formatted(
          "lease.name > $1 AND lease.name >= $2 AND lease.name < $3 ORDER BY lease.name LIMIT $4");

  private static final String FIND = WITH_OWNER.formatted("lease.name = $1");

  private static final String COUNT_OF_KIND =
      """
      SELECT run, COUNT(*) AS leases FROM lease
      WHERE name >= $1 AND name < $2 AND %s GROUP BY run
      """
          .formatted(NodeLiveness.isAliveCondition("lease.run"));

  private static final String COUNT_OF_RUN = "SELECT COUNT(*) AS leases FROM lease WHERE run = $1";

  private final StatementTexts texts = new StatementTexts();

  Optional<Lease> acquire(Transaction tx, String name, long run) {
    return tx.run(ACQUIRE, name, run).first(row -> new Lease(name, run, row.number("epoch")));
  }

  Optional<Lease> transfer(Transaction tx, Lease lease, long to) {
    long now = tx.now().toEpochMilli();
    return tx.run(TRANSFER, to, lease.name(), lease.run(), lease.epoch(), now)
        .first(row -> new Lease(lease.name(), to, row.number("epoch")));
  }

  void release(Transaction tx, Lease lease) {
    tx.run(RELEASE, NO_RUN, lease.name(), lease.run(), lease.epoch());
  }

  /** Releases all leases of a run; returns how many. */
  int releaseAll(Transaction tx, long run) {
    return tx.run(RELEASE_ALL, NO_RUN, run).size();
  }

  void delete(Transaction tx, Lease lease) {
    tx.run(DELETE, lease.name(), lease.run(), lease.epoch());
  }

  List<String> findOrphans(Reader reader, String kind, int max) {
    return reader.read(FIND_ORPHANS, kind + FROM, kind + UP_TO, max).all(row -> row.text("name"));
  }

  /** The names of leases that were transferred to a run, which has not taken them yet. */
  List<String> findUntaken(Reader reader, long run, String kind, int max) {
    return reader
        .read(FIND_UNTAKEN, run, kind + FROM, kind + UP_TO, max)
        .all(row -> row.text("name"));
  }

  /** Releases the leases that a run has not taken; returns how many. */
  int releaseUntaken(Transaction tx, long run, long beforeMs) {
    return tx.run(RELEASE_UNTAKEN, NO_RUN, run, beforeMs).size();
  }

  List<Lease> findOwned(Reader reader, long run, String kind, int max) {
    return reader
        .read(FIND_OWNED, run, kind + FROM, kind + UP_TO, max)
        .all(row -> new Lease(row.text("name"), run, row.number("epoch")));
  }

  Optional<Long> findOwner(Reader reader, String name) {
    return reader.read(FIND_OWNER, name).first(row -> row.number("run"));
  }

  boolean isHeld(Transaction tx, Lease lease) {
    String sql = IS_HELD + tx.dialect().forShare();
    return !tx.run(sql, lease.name(), lease.run(), lease.epoch()).isEmpty();
  }

  Set<Lease> findHeld(Transaction tx, Collection<Lease> leases) {
    var table = new ValuesTable(3);
    leases.forEach(lease -> table.add(lease.name(), lease.run(), lease.epoch()));
    String sql = tx.dialect() == Dialect.POSTGRES ? FIND_HELD_FOR_SHARE : FIND_HELD;
    return new HashSet<>(
        table
            .run(tx, texts, sql)
            .all(row -> new Lease(row.text("name"), row.number("run"), row.number("epoch"))));
  }

  List<ClusterQuery.OwnedLease> list(Reader reader, String kind, String after, int max) {
    var rows =
        kind.isEmpty()
            ? reader.read(LIST, after, max)
            : reader.read(LIST_OF_KIND, after, kind + FROM, kind + UP_TO, max);
    return rows.all(LeaseStore::owned);
  }

  Optional<ClusterQuery.OwnedLease> find(Reader reader, String name) {
    return reader.read(FIND, name).first(LeaseStore::owned);
  }

  private static ClusterQuery.OwnedLease owned(Row row) {
    return new ClusterQuery.OwnedLease(
        row.text("name"), row.number("run"), row.number("epoch"), row.textOrNull("node"));
  }

  long countOwnedBy(Reader reader, long run) {
    return reader.read(COUNT_OF_RUN, run).row(0).number("leases");
  }

  /** How many leases of a kind each living run holds; those without any are left out. */
  Map<Long, Long> countOfKind(Reader reader, String kind) {
    var counts = new HashMap<Long, Long>();
    reader
        .read(COUNT_OF_KIND, kind + FROM, kind + UP_TO)
        .all(row -> row)
        .forEach(row -> counts.put(row.number("run"), row.number("leases")));
    return counts;
  }
}
