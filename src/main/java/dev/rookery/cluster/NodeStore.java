package dev.rookery.cluster;

import dev.rookery.base.Refused;
import dev.rookery.store.Database;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import java.time.Instant;
import java.util.List;

/** Stores the runs of nodes as rows. */
final class NodeStore {
  private static final int RUNS_MAX = 1_000;

  /** What nodes of this release know; increased where nodes must wait for all to know something. */
  private static final long LEVEL = 1;

  private static final String INSERT =
      """
      INSERT INTO node (
        name, version, started_ms, posted_upto, cluster, key_fingerprint, keys_accepted, level,
        fenced)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
      RETURNING id
      """;

  private static final String END_RUNS_OF_NAME =
      "UPDATE node SET alive = 0 WHERE name = $1 AND alive = 1 RETURNING id";

  private static final String END_ALL_RUNS =
      "UPDATE node SET alive = 0 WHERE alive = 1 RETURNING id";

  private static final String UPDATE_HEARTBEAT =
      """
      UPDATE node SET beat = beat + 1, posted_upto = $1, sockets = $2, players = $3
      WHERE id = $4 AND alive = 1 RETURNING beat
      """;

  // The condition on the counter spares a run that has sent a heartbeat in the meantime.
  private static final String MARK_DEAD =
      "UPDATE node SET alive = 0 WHERE id = $1 AND beat = $2 AND alive = 1 RETURNING id";

  // Locked in the same order by all, so that of two nodes that fence each other one is refused.
  private static final String FIND_LIVING = "SELECT id FROM node WHERE alive = 1 ORDER BY id";

  private static final String HAS_OTHER =
      "SELECT id FROM node WHERE alive = 1 AND fenced = 0 AND id <> $1 LIMIT 1";

  private static final String FENCE =
      "UPDATE node SET alive = 0, fenced = 1 WHERE id = $1 AND alive = 1 RETURNING id";

  private static final String IS_FENCED = "SELECT id FROM node WHERE id = $1 AND fenced = 1";

  private static final String MARK_LEFT =
      "UPDATE node SET alive = 0, posted_upto = $1 WHERE id = $2 AND alive = 1 RETURNING id";

  private static final String MARK_SWEPT = "UPDATE node SET swept = 1 WHERE id = $1 RETURNING id";

  private static final String DELETE = "DELETE FROM node WHERE id = $1 AND alive = 0 RETURNING id";

  private static final String FIND_ALL =
      """
      SELECT id, name, version, started_ms, alive, beat, posted_upto, swept, sockets, players
      FROM node ORDER BY alive DESC, id LIMIT $1
      """;

  private static final String FIND_IDENTITIES =
      """
      SELECT id, name, beat, cluster, key_fingerprint, keys_accepted
      FROM node WHERE alive = 1 AND cluster IS NOT NULL ORDER BY id LIMIT $1
      """;

  private static final String HAS_EARLIER =
      "SELECT id FROM node WHERE alive = 1 AND level < $1 LIMIT 1";

  private final Database database;

  /** A run that counts as alive, with its cluster and keys. */
  record IdentifiedRun(long run, String node, long beat, ClusterIdentity identity) {}

  NodeStore(Database database) {
    this.database = database;
  }

  /** Inserts the first run of a process and ends earlier runs under its name. */
  long insertFirstRun(LocalNode node, Instant now) {
    return database.write(
        tx -> {
          if (node.standalone()) {
            tx.run(END_ALL_RUNS);
          } else {
            tx.run(END_RUNS_OF_NAME, node.name());
          }
          return insert(tx, node, now, 0, false);
        });
  }

  /**
   * Inserts a further run of the same process.
   *
   * @param fenced whether an admin has ended an earlier one, so that it does not stay
   */
  long insertNewRun(LocalNode node, Instant started, boolean fenced) {
    return database.write(
        tx -> insert(tx, node, started, node.publishedUpTo().getAsLong(), fenced));
  }

  private static long insert(
      Transaction tx, LocalNode node, Instant started, long publishedUpTo, boolean fenced) {
    ClusterIdentity identity = node.identity();
    return tx.run(
            INSERT,
            node.name(),
            node.version(),
            started.toEpochMilli(),
            publishedUpTo,
            identity == null ? null : identity.cluster(),
            identity == null ? null : identity.fingerprint(),
            identity == null ? null : String.join(",", identity.accepted()),
            LEVEL,
            fenced ? 1 : 0)
        .row(0)
        .number("id");
  }

  /** Finds the runs that count as alive, without those of versions that store no identity. */
  List<IdentifiedRun> findIdentities() {
    return database
        .read(FIND_IDENTITIES, RUNS_MAX)
        .all(
            row ->
                new IdentifiedRun(
                    row.number("id"),
                    row.text("name"),
                    row.number("beat"),
                    new ClusterIdentity(
                        row.text("cluster"),
                        row.text("key_fingerprint"),
                        List.of(row.text("keys_accepted").split(",")))));
  }

  /** Increases the heartbeat counter; false if the run has ended. */
  boolean updateHeartbeat(long run, LocalNode node) {
    long upTo = node.publishedUpTo().getAsLong();
    long sockets = node.sockets().getAsLong();
    long players = node.players().getAsLong();
    return database.write(tx -> !tx.run(UPDATE_HEARTBEAT, upTo, sockets, players, run).isEmpty());
  }

  /** Marks a silent run dead; false if it was not silent after all, or another node was faster. */
  boolean markDead(Member silent) {
    return database.write(tx -> !tx.run(MARK_DEAD, silent.run(), silent.beat()).isEmpty());
  }

  /**
   * Ends a run in the name of an admin; false if it has ended. {@code Conflict("last_node")} if no
   * other run would stay.
   */
  static boolean fence(Transaction tx, long run) {
    tx.run(FIND_LIVING + tx.dialect().forUpdate());
    if (tx.run(FENCE, run).isEmpty()) {
      return false;
    }
    if (tx.run(HAS_OTHER, run).isEmpty()) {
      throw Refused.conflict("last_node");
    }
    return true;
  }

  /** Whether an admin has ended the run, or one before it of the same process. */
  boolean isFenced(long run) {
    return !database.read(IS_FENCED, run).isEmpty();
  }

  void markLeft(long run, long publishedUpTo) {
    database.write(tx -> tx.run(MARK_LEFT, publishedUpTo, run).size());
  }

  void markSwept(long run) {
    database.write(tx -> tx.run(MARK_SWEPT, run).size());
  }

  void delete(long run) {
    database.write(tx -> tx.run(DELETE, run).size());
  }

  /** Whether a node of an earlier release is alive. */
  boolean hasEarlier() {
    return !database.read(HAS_EARLIER, LEVEL).isEmpty();
  }

  List<Member> findAll(Reader reader) {
    return reader.read(FIND_ALL, RUNS_MAX).all(NodeStore::member);
  }

  private static Member member(Row row) {
    return new Member(
        row.number("id"),
        row.text("name"),
        row.text("version"),
        Instant.ofEpochMilli(row.number("started_ms")),
        row.flag("alive"),
        row.number("beat"),
        row.number("posted_upto"),
        row.flag("swept"),
        row.number("sockets"),
        row.number("players"));
  }
}
