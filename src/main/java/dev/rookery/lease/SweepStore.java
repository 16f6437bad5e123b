package dev.rookery.lease;

import dev.rookery.base.PlayerId;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import java.util.List;
import java.util.Optional;

/** The last run of each sweep, and the runs that admins asked for, as rows. */
final class SweepStore {
  /** How many runs of a sweep that admins asked for are kept. */
  private static final int ASKED_KEPT = 20;

  private static final String PUT =
      """
      INSERT INTO sweep_run (sweep, asked_ms, ended_ms, took_ms, removed, node, problem)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      ON CONFLICT (sweep) DO UPDATE SET asked_ms = $2, ended_ms = $3, took_ms = $4, removed = $5,
        node = $6, problem = $7
      """;

  private static final String LIST =
      """
      SELECT 0 AS id, sweep, NULL AS admin_id, asked_ms, ended_ms, took_ms, removed, node, problem
      FROM sweep_run ORDER BY sweep LIMIT 500
      """;

  // The unique key lets one run of a sweep wait at a time.
  private static final String ASK =
      """
      INSERT INTO sweep_request (sweep, open_key, admin_id, asked_ms, ended_ms, took_ms, removed,
        node, problem)
      VALUES ($1, $1, $2, $3, 0, 0, 0, '', '')
      ON CONFLICT (open_key) DO NOTHING RETURNING id
      """;

  private static final String FORGET =
      """
      DELETE FROM sweep_request WHERE sweep = $1 AND id NOT IN (
        SELECT id FROM sweep_request WHERE sweep = $1 ORDER BY id DESC LIMIT $2)
      """;

  private static final String END =
      """
      UPDATE sweep_request SET open_key = NULL, ended_ms = $1, took_ms = $2, removed = $3,
        node = $4, problem = $5
      WHERE open_key = $6 AND id <= $7
      """;

  private static final String OPEN = "SELECT id FROM sweep_request WHERE open_key = $1";

  private static final String LIST_ASKED =
      """
      SELECT id, sweep, admin_id, asked_ms, ended_ms, took_ms, removed, node, problem
      FROM sweep_request ORDER BY id DESC LIMIT $1
      """;

  void put(Transaction tx, SweepRun run) {
    tx.run(
        PUT,
        run.sweep(),
        run.askedMs(),
        run.endedMs(),
        run.tookMs(),
        run.removed(),
        run.node(),
        run.problem());
  }

  List<SweepRun> list(Reader reader) {
    return reader.read(LIST).all(SweepStore::run);
  }

  /** Adds a run that an admin wants; empty while another one waits. */
  Optional<Long> ask(Transaction tx, String sweep, PlayerId admin) {
    Optional<Long> added =
        tx.run(ASK, sweep, admin.value(), tx.now().toEpochMilli()).first(row -> row.number("id"));
    if (added.isPresent()) {
      tx.run(FORGET, sweep, (long) ASKED_KEPT);
    }
    return added;
  }

  /** The run that waits; empty for none. */
  Optional<Long> open(Reader reader, String sweep) {
    return reader.read(OPEN, sweep).first(row -> row.number("id"));
  }

  /** Ends a run that waited, unless it is a later one. */
  void end(Transaction tx, SweepRun run) {
    tx.run(
        END,
        run.endedMs(),
        run.tookMs(),
        run.removed(),
        run.node(),
        run.problem(),
        run.sweep(),
        run.id());
  }

  /** The latest runs that admins asked for. */
  List<SweepRun> listAsked(Reader reader, int max) {
    return reader.read(LIST_ASKED, (long) max).all(SweepStore::run);
  }

  private static SweepRun run(Row row) {
    return new SweepRun(
        row.number("id"),
        row.text("sweep"),
        row.numberOrNull("admin_id"),
        row.number("asked_ms"),
        row.number("ended_ms"),
        row.number("took_ms"),
        row.number("removed"),
        row.text("node"),
        row.text("problem"));
  }
}
