package dev.rookery.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The rows of the nodes' runs: who is there, and how far each has posted. */
final class NodeRows {
  private static final int DEAD_MAX = 16;

  private static final String REGISTER =
      """
      INSERT INTO node (name, heartbeat_ms, posted_upto, swept_ms) VALUES ($1, $2, $3, 0)
      RETURNING id
      """;

  private static final String BEAT =
      """
      UPDATE node SET heartbeat_ms = $1, posted_upto = $2, swept_ms = 0 WHERE id = $3
      RETURNING id
      """;

  private static final String STALE =
      """
      SELECT id, name, heartbeat_ms, posted_upto FROM node
      WHERE id <> $1 AND (heartbeat_ms < $2 AND swept_ms = 0 OR heartbeat_ms < $3)
      ORDER BY id LIMIT $4
      """;

  private static final String CLAIM =
      """
      UPDATE node SET swept_ms = $1 WHERE id = $2 AND heartbeat_ms = $3 AND swept_ms = 0
      RETURNING id
      """;

  private static final String REMOVE =
      "DELETE FROM node WHERE id = $1 AND heartbeat_ms = $2 RETURNING id";

  private static final String LEAVE = "DELETE FROM node WHERE id = $1 RETURNING id";

  private final Database database;

  NodeRows(Database database) {
    this.database = database;
  }

  /** A row that has not been kept up for a while. */
  record Stale(long id, String name, long heartbeatMs, long postedUpto) {}

  long register(String name, long postedUpto, Instant now) {
    return database.write(
        tx ->
            tx.run(REGISTER, name, now.toEpochMilli(), postedUpto)
                .first(row -> row.number("id"))
                .orElseThrow());
  }

  /** Whether the row is still there; others remove one that was silent for too long. */
  boolean beat(long id, long postedUpto, Instant now) {
    return database.write(tx -> !tx.run(BEAT, now.toEpochMilli(), postedUpto, id).isEmpty());
  }

  /**
   * @param staleBefore silent since then, and not swept yet
   * @param goneBefore silent since then, swept or not
   */
  List<Stale> stale(long but, Instant staleBefore, Instant goneBefore) {
    return database
        .read(STALE, but, staleBefore.toEpochMilli(), goneBefore.toEpochMilli(), DEAD_MAX)
        .all(
            row ->
                new Stale(
                    row.number("id"),
                    row.text("name"),
                    row.number("heartbeat_ms"),
                    row.number("posted_upto")));
  }

  /** Whether it is ours to sweep: not if another node was first, or the silent one is back. */
  boolean claim(Stale node, Instant now) {
    Optional<Long> claimed =
        database.write(
            tx ->
                tx.run(CLAIM, now.toEpochMilli(), node.id(), node.heartbeatMs())
                    .first(row -> row.number("id")));
    return claimed.isPresent();
  }

  void remove(Stale node) {
    database.write(tx -> tx.run(REMOVE, node.id(), node.heartbeatMs()));
  }

  void leave(long id) {
    database.write(tx -> tx.run(LEAVE, id));
  }
}
