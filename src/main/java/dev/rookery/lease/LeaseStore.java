package dev.rookery.lease;

import dev.rookery.cluster.NodeLiveness;
import dev.rookery.store.Reader;
import dev.rookery.store.Transaction;
import java.util.List;
import java.util.Optional;

/** Leases as rows. One is held as long as its run is alive; the run 0 is nobody. */
final class LeaseStore {
  private static final long NOBODY = 0;
  // The character after the one that ends a kind: names of a kind lie between the two.
  private static final char FROM = '/';
  private static final char UPTO = '/' + 1;

  private static final String TAKE =
      """
      INSERT INTO lease (name, run, epoch)
      SELECT CAST($1 AS TEXT), node.id, 1 FROM node WHERE node.id = $2 AND node.alive = 1
      ON CONFLICT (name) DO UPDATE SET
        epoch = CASE WHEN lease.run = excluded.run THEN lease.epoch ELSE lease.epoch + 1 END,
        run = excluded.run
      WHERE lease.run = excluded.run OR NOT %s
      RETURNING epoch
      """
          .formatted(NodeLiveness.includes("lease.run"));

  private static final String PASS_ON =
      """
      UPDATE lease SET run = $1, epoch = epoch + 1
      WHERE name = $2 AND run = $3 AND epoch = $4 AND %s
      RETURNING epoch
      """
          .formatted(NodeLiveness.includes("$1"));

  private static final String RELEASE =
      "UPDATE lease SET run = $1 WHERE name = $2 AND run = $3 AND epoch = $4 RETURNING name";

  private static final String END =
      "DELETE FROM lease WHERE name = $1 AND run = $2 AND epoch = $3 RETURNING name";

  private static final String ORPHANS =
      """
      SELECT name FROM lease
      WHERE (run = 0 OR run IN (%s)) AND name >= $1 AND name < $2
      ORDER BY name LIMIT $3
      """
          .formatted(NodeLiveness.ended());

  private static final String OWNED =
      "SELECT name, epoch FROM lease WHERE run = $1 AND name >= $2 AND name < $3 LIMIT $4";

  private static final String HOLDER =
      "SELECT run FROM lease WHERE name = $1 AND " + NodeLiveness.includes("lease.run");

  private static final String HOLDS =
      "SELECT epoch FROM lease WHERE name = $1 AND run = $2 AND epoch = $3";

  private static final String OF_RUN = "SELECT COUNT(*) AS leases FROM lease WHERE run = $1";

  Optional<Lease> take(Transaction tx, String name, long run) {
    return tx.run(TAKE, name, run).first(row -> new Lease(name, run, row.number("epoch")));
  }

  Optional<Lease> passOn(Transaction tx, Lease lease, long to) {
    return tx.run(PASS_ON, to, lease.name(), lease.run(), lease.epoch())
        .first(row -> new Lease(lease.name(), to, row.number("epoch")));
  }

  void release(Transaction tx, Lease lease) {
    tx.run(RELEASE, NOBODY, lease.name(), lease.run(), lease.epoch());
  }

  void end(Transaction tx, Lease lease) {
    tx.run(END, lease.name(), lease.run(), lease.epoch());
  }

  List<String> orphans(Reader reader, String kind, int max) {
    return reader.read(ORPHANS, kind + FROM, kind + UPTO, max).all(row -> row.text("name"));
  }

  List<Lease> owned(Reader reader, long run, String kind, int max) {
    return reader
        .read(OWNED, run, kind + FROM, kind + UPTO, max)
        .all(row -> new Lease(row.text("name"), run, row.number("epoch")));
  }

  Optional<Long> holder(Reader reader, String name) {
    return reader.read(HOLDER, name).first(row -> row.number("run"));
  }

  boolean holds(Transaction tx, Lease lease) {
    String sql = HOLDS + tx.dialect().forShare();
    return !tx.run(sql, lease.name(), lease.run(), lease.epoch()).isEmpty();
  }

  long countOf(Reader reader, long run) {
    return reader.read(OF_RUN, run).row(0).number("leases");
  }
}
