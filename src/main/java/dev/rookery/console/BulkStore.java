package dev.rookery.console;

import dev.rookery.base.PlayerId;
import dev.rookery.console.BulkJob.Counts;
import dev.rookery.console.BulkJob.RowState;
import dev.rookery.console.BulkJob.State;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.StatementTexts;
import dev.rookery.store.Transaction;
import dev.rookery.store.ValuesTable;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Jobs of admins as rows. */
final class BulkStore {
  static final int SWEPT_MAX = 1_000;

  private static final String COLUMNS =
      """
      SELECT id, admin_id, list, action, query, input, reason, session, address, request_id,
        actor_kind, actor_limit, state, problem, total, done, refused, vanished, starts_ms, created_ms, changed_ms
      FROM bulk_job LEFT JOIN bulk_job_actor ON bulk_job_actor.job_id = bulk_job.id
      """;

  private static final String CANCEL_EARLIER =
      """
      UPDATE bulk_job SET state = 'cancelled', active_key = NULL, changed_ms = $1
      WHERE active_key = $2 AND state IN ('selecting', 'ready')
      """;

  private static final String INSERT =
      """
      INSERT INTO bulk_job (admin_id, list, action, query, input, reason, session, address,
        request_id, state, problem, active_key, total, done, refused, vanished, starts_ms,
        created_ms, changed_ms)
      VALUES ($1, $2, $3, $4, '{}', '', '', '', '', 'selecting', '', $5, 0, 0, 0, 0, 0, $6, $6)
      ON CONFLICT DO NOTHING
      RETURNING id
      """;

  private static final String GROW =
      """
      UPDATE bulk_job SET total = total + $1, changed_ms = $2
      WHERE id = $3 AND state = 'selecting' RETURNING total
      """;

  private static final String ADD_ROWS =
      """
      INSERT INTO bulk_job_row (job_id, place, row_id, state, code)
      SELECT CAST($1 AS BIGINT), CAST(given.column1 AS BIGINT), CAST(given.column2 AS BIGINT),
        'pending', ''
      FROM %s WHERE given.column1 IS NOT NULL
      """;

  private static final String SELECTED =
      """
      UPDATE bulk_job SET state = 'ready', changed_ms = $1
      WHERE id = $2 AND state = 'selecting' RETURNING id
      """;

  private static final String START =
      """
      UPDATE bulk_job SET state = 'running', input = $1, reason = $2, session = $3, address = $4,
        request_id = $5, starts_ms = $6, changed_ms = $7
      WHERE id = $8 AND admin_id = $9 AND state = 'ready' AND total = $10 RETURNING id
      """;

  private static final String PUT_ACTOR =
      """
      INSERT INTO bulk_job_actor (job_id, actor_kind, actor_limit) VALUES ($1, $2, $3)
      ON CONFLICT (job_id) DO UPDATE SET actor_kind = $2, actor_limit = $3
      """;

  private static final String FINISH =
      """
      UPDATE bulk_job SET state = $1, problem = $2, active_key = NULL, changed_ms = $3
      WHERE id = $4 AND state IN ('selecting', 'ready', 'running') RETURNING id
      """;

  private static final String DUE =
      COLUMNS
          + """
          WHERE state = 'running' AND starts_ms <= $1 AND action IN (%s)
          ORDER BY starts_ms, id LIMIT $2
          """;

  private static final String PENDING =
      """
      SELECT place, row_id, state, code FROM bulk_job_row
      WHERE job_id = $1 AND place > $2 AND state IN ('pending', 'tried') ORDER BY place LIMIT $3
      """;

  private static final String SET_ROW =
      "UPDATE bulk_job_row SET state = $1, code = $2 WHERE job_id = $3 AND place = $4";

  private static final String IS_RUNNING =
      "SELECT id FROM bulk_job WHERE id = $1 AND state = 'running'";

  private static final String SWEEP =
      """
      SELECT id FROM bulk_job WHERE changed_ms < $1
        AND state IN ('done', 'cancelled', 'stopped') ORDER BY changed_ms, id LIMIT 1
      """;

  private static final String SWEEP_ROWS =
      """
      DELETE FROM bulk_job_row WHERE job_id = $1 AND place IN (
        SELECT place FROM bulk_job_row WHERE job_id = $1 ORDER BY place LIMIT $2)
      RETURNING place
      """;

  private static final String STALE =
      """
      UPDATE bulk_job SET state = 'stopped', problem = 'selection_ended', active_key = NULL,
        changed_ms = $1
      WHERE state IN ('selecting', 'ready') AND changed_ms < $2
      """;

  private final StatementTexts texts = new StatementTexts();

  /**
   * A job with what its audit entries need.
   *
   * @param limit what an access key that started it may do at most; null for an admin
   */
  record Stored(
      BulkJob job,
      Actor.Kind kind,
      String session,
      String address,
      String requestId,
      @Nullable Set<Permission> limit) {
    /** The id of the access key that started it; null if the admin did. */
    @Nullable String key() {
      return Actor.keyId(kind.text(), session);
    }
  }

  /** Empty if the admin has a running job on the list. */
  Optional<Long> insert(Transaction tx, BulkCommand.Select select) {
    long now = tx.now().toEpochMilli();
    String key = select.admin().value() + " " + select.list();
    tx.run(CANCEL_EARLIER, now, key);
    return tx.run(
            INSERT,
            select.admin().value(),
            select.list(),
            select.action(),
            select.query(),
            key,
            now)
        .first(row -> row.number("id"));
  }

  /** Returns the number of rows with the new ones; empty if the job selects no rows. */
  Optional<Long> grow(Transaction tx, long job, int rows) {
    return tx.run(GROW, (long) rows, tx.now().toEpochMilli(), job)
        .first(row -> row.number("total"));
  }

  /**
   * @param before the number of rows that the job has had before these
   */
  void addRows(Transaction tx, long job, long before, List<Long> rows) {
    for (int from = 0; from < rows.size(); from += Placeholders.MANY_MAX) {
      int to = Math.min(rows.size(), from + Placeholders.MANY_MAX);
      var values = new ValuesTable(2);
      for (int i = from; i < to; i++) {
        values.add(before + i + 1, rows.get(i));
      }
      values.run(tx, texts, ADD_ROWS, job);
    }
  }

  boolean finishSelection(Transaction tx, long job) {
    return !tx.run(SELECTED, tx.now().toEpochMilli(), job).isEmpty();
  }

  /** False if the job is not ready, is another admin's, or has another number of rows. */
  boolean start(Transaction tx, BulkCommand.Start start, PlayerId admin) {
    long now = tx.now().toEpochMilli();
    Set<Permission> limit = start.actor().limit();
    tx.run(
        PUT_ACTOR,
        start.job(),
        start.actor().kind().text(),
        limit == null ? null : RoleTemplate.format(limit));
    return !tx.run(
            START,
            new JsonObject(start.input()).encode(),
            start.actor().reason(),
            start.actor().session(),
            start.actor().address(),
            start.actor().requestId(),
            now + start.delayMs(),
            now,
            start.job(),
            admin.value(),
            start.total())
        .isEmpty();
  }

  /** Ends a job unless it has ended. */
  void finish(Transaction tx, long job, State state, String problem) {
    tx.run(FINISH, state.text(), problem, tx.now().toEpochMilli(), job);
  }

  /** The jobs of these actions whose time has come, the earliest first. */
  List<Stored> due(Reader reader, List<String> actions, long nowMs, int max) {
    if (actions.isEmpty()) {
      return List.of();
    }
    var values = new ArrayList<Object>(List.of(nowMs, (long) max));
    values.addAll(actions);
    return reader
        .read(DUE.formatted(Placeholders.list(3, actions.size())), values.toArray())
        .all(BulkStore::stored);
  }

  Optional<BulkJob> find(Reader reader, long job) {
    return reader.read(COLUMNS + "WHERE id = $1", job).first(row -> stored(row).job());
  }

  List<BulkJob> list(Reader reader, @Nullable PlayerId admin, @Nullable Long before, int max) {
    long first = before == null ? Long.MAX_VALUE : before;
    return (admin == null
            ? reader.read(COLUMNS + "WHERE id < $1 ORDER BY id DESC LIMIT $2", first, max)
            : reader.read(
                COLUMNS + "WHERE admin_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
                admin.value(),
                first,
                max))
        .all(row -> stored(row).job());
  }

  List<BulkJob.Row> rows(Reader reader, BulkCommand.ListRows list) {
    RowState state = list.state();
    String rows = "SELECT place, row_id, state, code FROM bulk_job_row WHERE job_id = $1";
    return (state == null
            ? reader.read(
                rows + " AND place > $2 ORDER BY place LIMIT $3",
                list.job(),
                list.after(),
                list.max())
            : reader.read(
                rows + " AND state = $2 AND place > $3 ORDER BY place LIMIT $4",
                list.job(),
                state.text(),
                list.after(),
                list.max()))
        .all(BulkStore::row);
  }

  /** The rows after a place that are not finished, in their order. */
  List<BulkJob.Row> pending(Reader reader, long job, long after, int max) {
    return reader.read(PENDING, job, after, max).all(BulkStore::row);
  }

  boolean isRunning(Transaction tx, long job) {
    return !tx.run(IS_RUNNING + tx.dialect().forShare(), job).isEmpty();
  }

  void setRow(Transaction tx, long job, long place, RowState state, String code) {
    tx.run(SET_ROW, state.text(), code, job, place);
  }

  void count(Transaction tx, long job, RowState state) {
    tx.run(
        "UPDATE bulk_job SET %1$s = %1$s + 1, changed_ms = $1 WHERE id = $2"
            .formatted(state.text()),
        tx.now().toEpochMilli(),
        job);
  }

  /**
   * Removes a finished job that has not changed since, or at most {@value #SWEPT_MAX} of its rows,
   * so that no write of the game waits long; returns how many rows, or -1 if there is no such job.
   */
  int sweep(Transaction tx, long beforeMs) {
    Optional<Long> ended = tx.run(SWEEP, beforeMs).first(row -> row.number("id"));
    if (ended.isEmpty()) {
      return -1;
    }
    long job = ended.get();
    int rows = tx.run(SWEEP_ROWS, job, SWEPT_MAX).size();
    if (rows > 0) {
      return rows;
    }
    tx.run("DELETE FROM bulk_job_actor WHERE job_id = $1", job);
    return tx.run("DELETE FROM bulk_job WHERE id = $1 RETURNING id", job).size();
  }

  /** Stops jobs that nobody has started since. */
  void stopStale(Transaction tx, long beforeMs) {
    tx.run(STALE, tx.now().toEpochMilli(), beforeMs);
  }

  private static Stored stored(Row row) {
    var job =
        new BulkJob(
            row.number("id"),
            new PlayerId(row.number("admin_id")),
            row.text("list"),
            row.text("action"),
            row.text("query"),
            new JsonObject(row.text("input")).getMap(),
            row.text("reason"),
            State.of(row.text("state")),
            row.text("problem"),
            new Counts(
                row.number("total"),
                row.number("done"),
                row.number("refused"),
                row.number("vanished")),
            row.number("starts_ms"),
            row.number("created_ms"),
            row.number("changed_ms"));
    String kind = row.textOrNull("actor_kind");
    String limit = row.textOrNull("actor_limit");
    return new Stored(
        job,
        kind == null ? Actor.Kind.CONSOLE : Actor.Kind.of(kind),
        row.text("session"),
        row.text("address"),
        row.text("request_id"),
        limit == null ? null : RoleTemplate.parse(limit));
  }

  private static BulkJob.Row row(Row row) {
    return new BulkJob.Row(
        row.number("place"),
        row.number("row_id"),
        RowState.of(row.text("state")),
        row.text("code"));
  }
}
