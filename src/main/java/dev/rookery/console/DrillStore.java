package dev.rookery.console;

import dev.rookery.base.PlayerId;
import dev.rookery.cluster.NodeLiveness;
import dev.rookery.console.Drill.Fault;
import dev.rookery.console.Drill.State;
import dev.rookery.console.Drill.Times;
import dev.rookery.console.LastRunGauges.LastRun;
import dev.rookery.console.LastRunGauges.LastRuns;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Drills as rows. */
final class DrillStore {
  private static final String ACTIVE = "drill";
  private static final int PLAYERS_MAX = 10_000;

  private static final String COLUMNS =
      """
      SELECT id, node, run, fault, state, problem, admin_id, owned, players, resumed, acknowledged,
        received, repeats, refused, taken_by, created_ms, fault_ms, detected_ms, taken_ms, first_ms,
        back_ms, ended_ms FROM drill
      """;

  private static final String INSERT =
      """
      INSERT INTO drill (
        node, run, fault, state, problem, admin_id, owned, players, resumed, acknowledged, received,
        repeats, refused, taken_by, created_ms, active_key)
      VALUES ($1, $2, $3, 'preparing', '', $4, 0, 0, 0, 0, 0, 0, 0, '', $5, $6)
      ON CONFLICT DO NOTHING RETURNING id
      """;

  private static final String ACKNOWLEDGE =
      """
      UPDATE drill SET acknowledged = acknowledged + 1
      WHERE id = $1 AND state IN ('preparing', 'running') RETURNING acknowledged
      """;

  private static final String COPY_PLAYERS =
      """
      INSERT INTO drill_player (drill_id, player_id)
      SELECT CAST($1 AS BIGINT), player_id FROM presence WHERE run = $2
      ORDER BY player_id LIMIT $3
      """;

  private static final String BEGIN =
      """
      UPDATE drill SET state = 'running', fault_ms = $1,
        owned = (SELECT COUNT(*) FROM lease WHERE lease.run = drill.run),
        players = (SELECT COUNT(*) FROM drill_player WHERE drill_id = drill.id)
      WHERE id = $2 AND state = 'preparing' RETURNING id
      """;

  private static final String RESUMED =
      """
      SELECT COUNT(*) AS players FROM drill_player
      WHERE drill_id = $1 AND EXISTS (
        SELECT 1 FROM presence
        WHERE presence.player_id = drill_player.player_id AND presence.run <> $2 AND %s)
      """
          .formatted(NodeLiveness.isAliveCondition("presence.run"));

  private static final String REFUSED =
      "UPDATE drill SET refused = refused + 1, back_ms = COALESCE(back_ms, $1) WHERE id = $2";

  private static final String MEASURE =
      "UPDATE drill SET resumed = $1, received = $2, repeats = $3 WHERE id = $4";

  private static final String END =
      """
      UPDATE drill SET state = $1, problem = $2, ended_ms = $3, active_key = NULL
      WHERE id = $4 AND state IN ('preparing', 'running')
      """;

  private static final String LAST_ENDED =
      "WHERE active_key IS NULL AND ended_ms IS NOT NULL ORDER BY id DESC LIMIT 1";

  private static final String LAST_GOOD =
      """
      WHERE state = 'done' AND received >= acknowledged AND repeats = 0
      ORDER BY id DESC LIMIT 1
      """;

  private static final String SWEEP =
      """
      DELETE FROM drill WHERE id IN (
        SELECT id FROM drill WHERE active_key IS NULL AND created_ms < $1 ORDER BY id LIMIT $2)
      RETURNING id
      """;

  private static final int SWEPT_MAX = 500;

  /** Empty if another one is under way. */
  Optional<Long> insert(
      Transaction tx, String node, long run, Fault fault, @Nullable PlayerId admin) {
    Long by = admin == null ? null : admin.value();
    return tx.run(INSERT, node, run, fault.text(), by, tx.now().toEpochMilli(), ACTIVE)
        .first(row -> row.number("id"));
  }

  /** Counts a message; empty if the drill has ended. */
  Optional<Long> acknowledge(Transaction tx, long drill) {
    return tx.run(ACKNOWLEDGE, drill).first(row -> row.number("acknowledged"));
  }

  /** Notes what the node has, just before the fault; false if the drill does not wait for it. */
  boolean begin(Transaction tx, long drill, long run) {
    tx.run(COPY_PLAYERS, drill, run, PLAYERS_MAX);
    return !tx.run(BEGIN, tx.now().toEpochMilli(), drill).isEmpty();
  }

  /** Notes that a node has seen the end of a run. */
  void detected(Transaction tx, long drill) {
    tx.run(
        "UPDATE drill SET detected_ms = $1 WHERE id = $2 AND detected_ms IS NULL",
        tx.now().toEpochMilli(),
        drill);
  }

  void taken(Transaction tx, long drill, String node) {
    tx.run(
        "UPDATE drill SET taken_ms = $1, taken_by = $2 WHERE id = $3 AND taken_ms IS NULL",
        tx.now().toEpochMilli(),
        node,
        drill);
  }

  void first(Transaction tx, long drill) {
    tx.run(
        "UPDATE drill SET first_ms = $1 WHERE id = $2 AND first_ms IS NULL",
        tx.now().toEpochMilli(),
        drill);
  }

  /** Counts a late write of the node that was refused, and notes when the first one was. */
  void refused(Transaction tx, long drill) {
    tx.run(REFUSED, tx.now().toEpochMilli(), drill);
  }

  void measure(Transaction tx, long drill, long resumed, long received, long repeats) {
    tx.run(MEASURE, resumed, received, repeats, drill);
  }

  void end(Transaction tx, long drill, State state, String problem) {
    tx.run(END, state.text(), problem, tx.now().toEpochMilli(), drill);
    tx.run("DELETE FROM drill_player WHERE drill_id = $1", drill);
  }

  long countResumed(Reader reader, Drill drill) {
    return reader.read(RESUMED, drill.id(), drill.run()).row(0).number("players");
  }

  /** The one that is under way. */
  Optional<Drill> active(Reader reader) {
    return reader.read(COLUMNS + "WHERE active_key = $1", ACTIVE).first(DrillStore::drill);
  }

  Optional<Drill> find(Reader reader, long drill) {
    return reader.read(COLUMNS + "WHERE id = $1", drill).first(DrillStore::drill);
  }

  List<Drill> list(Reader reader, int max) {
    return reader.read(COLUMNS + "ORDER BY id DESC LIMIT $1", max).all(DrillStore::drill);
  }

  /** The last one that ended, and the last without losses. */
  LastRuns lastRuns(Reader reader) {
    return new LastRuns(
        reader
            .read(COLUMNS + LAST_ENDED)
            .first(DrillStore::drill)
            .map(
                drill ->
                    new LastRun(
                        drill.times().createdMs(), drill.times().endedMs(), drill.isWithoutLoss()))
            .orElse(null),
        reader
            .read(COLUMNS + LAST_GOOD)
            .first(DrillStore::drill)
            .map(drill -> drill.times().endedMs())
            .orElse(0L));
  }

  /** Deletes old ones; returns how many. */
  long sweep(Transaction tx, long beforeMs) {
    return tx.run(SWEEP, beforeMs, SWEPT_MAX).size();
  }

  private static Drill drill(Row row) {
    Long admin = row.numberOrNull("admin_id");
    return new Drill(
        row.number("id"),
        row.text("node"),
        row.number("run"),
        Fault.of(row.text("fault")),
        State.of(row.text("state")),
        row.text("problem"),
        admin == null ? null : new PlayerId(admin),
        row.number("owned"),
        row.number("players"),
        row.number("resumed"),
        row.number("acknowledged"),
        row.number("received"),
        row.number("repeats"),
        row.number("refused"),
        row.text("taken_by"),
        new Times(
            row.number("created_ms"),
            time(row, "fault_ms"),
            time(row, "detected_ms"),
            time(row, "taken_ms"),
            time(row, "first_ms"),
            time(row, "back_ms"),
            time(row, "ended_ms")));
  }

  private static long time(Row row, String column) {
    Long ms = row.numberOrNull(column);
    return ms == null ? 0 : ms;
  }
}
