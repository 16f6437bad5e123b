package dev.rookery.cluster;

import dev.rookery.store.Database;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import java.time.Instant;
import java.util.List;

/** Runs of nodes as rows. */
final class NodeStore {
  private static final int RUNS_MAX = 1_000;

  private static final String REGISTER =
      """
      INSERT INTO node (name, version, started_ms, posted_upto) VALUES ($1, $2, $3, $4)
      RETURNING id
      """;

  private static final String END_NAMESAKES =
      "UPDATE node SET alive = 0 WHERE name = $1 AND alive = 1 RETURNING id";

  private static final String END_ALL = "UPDATE node SET alive = 0 WHERE alive = 1 RETURNING id";

  private static final String BEAT =
      """
      UPDATE node SET beat = beat + 1, posted_upto = $1, sockets = $2, players = $3
      WHERE id = $4 AND alive = 1 RETURNING beat
      """;

  // Whoever beats in the meantime is not buried.
  private static final String BURY =
      "UPDATE node SET alive = 0 WHERE id = $1 AND beat = $2 AND alive = 1 RETURNING id";

  private static final String LEAVE =
      "UPDATE node SET alive = 0, posted_upto = $1 WHERE id = $2 AND alive = 1 RETURNING id";

  private static final String SWEPT = "UPDATE node SET swept = 1 WHERE id = $1 RETURNING id";

  private static final String FORGET = "DELETE FROM node WHERE id = $1 AND alive = 0 RETURNING id";

  private static final String ALL =
      """
      SELECT id, name, version, started_ms, alive, beat, posted_upto, swept, sockets, players
      FROM node ORDER BY alive DESC, id LIMIT $1
      """;

  private final Database database;

  NodeStore(Database database) {
    this.database = database;
  }

  /** The first run of a process: earlier ones under its name have ended. */
  long begin(LocalNode self, Instant now) {
    return database.write(
        tx -> {
          if (self.alone()) {
            tx.run(END_ALL);
          } else {
            tx.run(END_NAMESAKES, self.name());
          }
          return tx.run(REGISTER, self.name(), self.version(), now.toEpochMilli(), 0L)
              .row(0)
              .number("id");
        });
  }

  /** A further run of the same process. */
  long beginAgain(LocalNode self, Instant started) {
    return database.write(
        tx ->
            tx.run(
                    REGISTER,
                    self.name(),
                    self.version(),
                    started.toEpochMilli(),
                    self.postedUpto().getAsLong())
                .row(0)
                .number("id"));
  }

  /** False if the run has ended. */
  boolean beat(long run, LocalNode self) {
    long upto = self.postedUpto().getAsLong();
    long sockets = self.sockets().getAsLong();
    long players = self.players().getAsLong();
    return database.write(tx -> !tx.run(BEAT, upto, sockets, players, run).isEmpty());
  }

  /** False if it was not silent after all, or somebody was first. */
  boolean bury(Member silent) {
    return database.write(tx -> !tx.run(BURY, silent.run(), silent.beat()).isEmpty());
  }

  void leave(long run, long postedUpto) {
    database.write(tx -> tx.run(LEAVE, postedUpto, run).size());
  }

  void swept(long run) {
    database.write(tx -> tx.run(SWEPT, run).size());
  }

  void forget(long run) {
    database.write(tx -> tx.run(FORGET, run).size());
  }

  List<Member> all(Reader reader) {
    return reader.read(ALL, RUNS_MAX).all(NodeStore::member);
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
