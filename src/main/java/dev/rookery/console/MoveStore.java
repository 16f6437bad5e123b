package dev.rookery.console;

import dev.rookery.base.PlayerId;
import dev.rookery.cluster.NodeLiveness;
import dev.rookery.console.MovePlan.Counts;
import dev.rookery.console.MovePlan.Kind;
import dev.rookery.console.MovePlan.State;
import dev.rookery.console.MovePlan.Step;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Plans of moves as rows, each with its moves. */
final class MoveStore {
  /** The key of the plan of several moves that is running. */
  private static final String SEVERAL = "several";

  private static final int SWEPT_MAX = 100;

  private static final String PLANS =
      """
      SELECT id, kind, state, source, admin_id, created_ms, changed_ms,
        (SELECT COUNT(*) FROM move_step WHERE plan_id = move_plan.id) AS total,
        (SELECT COUNT(*) FROM move_step WHERE plan_id = move_plan.id AND state = 'done') AS done,
        (SELECT COUNT(*) FROM move_step WHERE plan_id = move_plan.id AND state = 'failed') AS failed
      FROM move_plan
      """;

  private static final String STEPS =
      """
      SELECT plan_id, place, lease, from_run, from_node, to_run, to_node, state, code FROM move_step
      """;

  private static final String INSERT_PLAN =
      """
      INSERT INTO move_plan (kind, state, source, admin_id, created_ms, changed_ms)
      VALUES ($1, $2, $3, $4, $5, $5) RETURNING id
      """;

  private static final String INSERT_STEP =
      """
      INSERT INTO move_step (
        plan_id, place, lease, from_run, from_node, to_run, to_node, state, code)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '')
      """;

  private static final String RUN =
      """
      UPDATE move_plan SET state = 'running', active_key = $1, changed_ms = $2
      WHERE id = $3 AND state = 'ready' AND created_ms > $4 RETURNING id
      """;

  private static final String IS_OTHER_RUNNING =
      "SELECT id FROM move_plan WHERE active_key = $1 AND id <> $2";

  private static final String CANCEL =
      """
      UPDATE move_plan SET state = 'cancelled', active_key = NULL, changed_ms = $1
      WHERE id = $2 AND state IN ('ready', 'running') RETURNING id
      """;

  private static final String FINISH =
      """
      UPDATE move_plan SET state = 'done', active_key = NULL, changed_ms = $1
      WHERE id = $2 AND state = 'running' AND NOT EXISTS (
        SELECT 1 FROM move_step WHERE plan_id = $2 AND state = 'due')
      """;

  private static final String END_STEP =
      """
      UPDATE move_step SET state = $1, code = $2
      WHERE plan_id = $3 AND place = $4 AND state = 'due'
      """;

  private static final String IS_DUE =
      "SELECT place FROM move_step WHERE plan_id = $1 AND place = $2 AND state = 'due'";

  private static final String ORPHANS =
      STEPS
          + "WHERE state = 'due' AND NOT %s ORDER BY plan_id, place LIMIT $1"
              .formatted(NodeLiveness.isAliveCondition("move_step.from_run"));

  private static final String SWEEP_STEPS =
      """
      DELETE FROM move_step WHERE plan_id IN (
        SELECT id FROM move_plan WHERE changed_ms < $1 ORDER BY changed_ms, id LIMIT $2)
      RETURNING plan_id
      """;

  private static final String SWEEP =
      """
      DELETE FROM move_plan WHERE id IN (
        SELECT id FROM move_plan WHERE changed_ms < $1 ORDER BY changed_ms, id LIMIT $2)
      RETURNING id
      """;

  /** Stores a plan that is ready, or that runs at once. */
  long insert(
      Transaction tx,
      Kind kind,
      State state,
      String source,
      @Nullable PlayerId admin,
      List<Step> steps) {
    long now = tx.now().toEpochMilli();
    long id =
        tx.run(
                INSERT_PLAN,
                kind.text(),
                state.text(),
                source,
                admin == null ? null : admin.value(),
                now)
            .row(0)
            .number("id");
    for (Step step : steps) {
      tx.run(
          INSERT_STEP,
          id,
          step.place(),
          step.lease(),
          step.fromRun(),
          step.fromNode(),
          step.toRun(),
          step.toNode(),
          step.state());
    }
    return id;
  }

  boolean isOtherRunning(Transaction tx, long plan) {
    return !tx.run(IS_OTHER_RUNNING, SEVERAL, plan).isEmpty();
  }

  /** Makes the moves of a plan due; false if it is not ready, or was made before. */
  boolean run(Transaction tx, long plan, long madeAfterMs) {
    boolean ready = !tx.run(RUN, SEVERAL, tx.now().toEpochMilli(), plan, madeAfterMs).isEmpty();
    if (ready) {
      tx.run("UPDATE move_step SET state = 'due' WHERE plan_id = $1 AND state = 'planned'", plan);
    }
    return ready;
  }

  void cancel(Transaction tx, long plan) {
    if (!tx.run(CANCEL, tx.now().toEpochMilli(), plan).isEmpty()) {
      tx.run(
          """
          UPDATE move_step SET state = 'cancelled'
          WHERE plan_id = $1 AND state IN ('planned', 'due')
          """,
          plan);
    }
  }

  /** Ends a move that is still due, and the plan with its last one. */
  void end(Transaction tx, Step step, String state, String code) {
    tx.run(END_STEP, state, code, step.plan(), step.place());
    tx.run(FINISH, tx.now().toEpochMilli(), step.plan());
  }

  /** The moves that a run is to carry out now. */
  List<Step> due(Reader reader, long run, int max) {
    return reader
        .read(
            STEPS + "WHERE state = 'due' AND from_run = $1 ORDER BY plan_id, place LIMIT $2",
            run,
            max)
        .all(MoveStore::step);
  }

  /** Whether a move was not cancelled. */
  boolean isDue(Reader reader, Step step) {
    return !reader.read(IS_DUE, step.plan(), step.place()).isEmpty();
  }

  /** The moves that are due and whose owner has ended. */
  List<Step> orphans(Reader reader, int max) {
    return reader.read(ORPHANS, max).all(MoveStore::step);
  }

  Optional<MovePlan> find(Reader reader, long plan) {
    return reader.read(PLANS + "WHERE id = $1", plan).first(MoveStore::plan);
  }

  List<MovePlan> list(Reader reader, @Nullable Long before, int max) {
    return reader
        .read(
            PLANS + "WHERE id < $1 ORDER BY id DESC LIMIT $2",
            before == null ? Long.MAX_VALUE : before,
            max)
        .all(MoveStore::plan);
  }

  List<Step> steps(Reader reader, long plan) {
    return reader
        .read(STEPS + "WHERE plan_id = $1 ORDER BY place LIMIT $2", plan, MovePlan.STEPS_MAX)
        .all(MoveStore::step);
  }

  /** Removes some of the plans that have not changed since; returns how many rows. */
  int sweep(Transaction tx, long beforeMs) {
    return tx.run(SWEEP_STEPS, beforeMs, SWEPT_MAX).size()
        + tx.run(SWEEP, beforeMs, SWEPT_MAX).size();
  }

  private static MovePlan plan(Row row) {
    Long admin = row.numberOrNull("admin_id");
    return new MovePlan(
        row.number("id"),
        Kind.of(row.text("kind")),
        State.of(row.text("state")),
        row.text("source"),
        admin == null ? null : new PlayerId(admin),
        new Counts(row.number("total"), row.number("done"), row.number("failed")),
        row.number("created_ms"),
        row.number("changed_ms"));
  }

  private static Step step(Row row) {
    return new Step(
        row.number("plan_id"),
        row.number("place"),
        row.text("lease"),
        row.number("from_run"),
        row.text("from_node"),
        row.number("to_run"),
        row.text("to_node"),
        row.text("state"),
        row.text("code"));
  }
}
