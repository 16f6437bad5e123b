package dev.rookery.console;

import dev.rookery.base.PlayerId;
import dev.rookery.cluster.NodeLiveness;
import dev.rookery.console.LastRunGauges.LastRun;
import dev.rookery.console.LastRunGauges.LastRuns;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import io.vertx.core.json.JsonArray;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Backups as rows. */
final class BackupStore {
  private static final String ACTIVE = "backup";

  private static final String NAMES =
      """
      id, node, kind, state, problem, files, bytes, admin_id, verified_ms, created_ms, ended_ms
      """;

  private static final String COLUMNS = "SELECT " + NAMES + "FROM backup\n";

  private static final String INSERT =
      """
      INSERT INTO backup (
        node, kind, state, problem, files, bytes, admin_id, created_ms, active_key)
      VALUES ($1, $2, 'due', '', '[]', 0, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING id
      """;

  private static final String BEGIN =
      """
      UPDATE backup SET state = 'running', run = $1
      WHERE id = (SELECT id FROM backup WHERE node = $2 AND state = 'due' ORDER BY id LIMIT 1)
        AND state = 'due'
      RETURNING id
      """;

  private static final String END =
      """
      UPDATE backup SET state = $1, problem = $2, files = $3, bytes = $4, verified_ms = $5,
        ended_ms = $6, active_key = NULL
      WHERE id = $7 AND state = 'running' RETURNING id
      """;

  private static final String END_INTERRUPTED =
      """
      UPDATE backup SET state = 'failed', problem = 'it was interrupted', ended_ms = $1,
        active_key = NULL
      WHERE node = $2 AND run = $3 AND state = 'running' RETURNING id
      """;

  private static final String END_ORPHANS =
      """
      UPDATE backup SET state = 'failed', problem = 'its node has ended', ended_ms = $1,
        active_key = NULL
      WHERE (state = 'running' AND NOT %s)
        OR (state = 'due' AND created_ms < $2)
      """
          .formatted(NodeLiveness.isAliveCondition("backup.run"));

  private static final String MARK_SETUP =
      """
      INSERT INTO console_state (name, value) VALUES ('setup.backup', $1)
      ON CONFLICT (name) DO UPDATE SET value = excluded.value
      """;

  private static final String LATEST =
      "SELECT created_ms FROM backup WHERE state <> 'failed' ORDER BY id DESC LIMIT 1";

  private static final String LATEST_FAILED =
      """
      SELECT ended_ms FROM backup WHERE state = 'failed' AND admin_id IS NULL
      ORDER BY id DESC LIMIT 1
      """;

  private static final String LAST_ENDED =
      """
      SELECT created_ms, ended_ms, state FROM backup WHERE state IN ('done', 'failed')
      ORDER BY id DESC LIMIT 1
      """;

  private static final String LAST_DONE =
      "SELECT ended_ms FROM backup WHERE state = 'done' ORDER BY id DESC LIMIT 1";

  private static final String DELETE =
      "DELETE FROM backup WHERE id = $1 AND state IN ('done', 'failed') RETURNING " + NAMES;

  private static final String DELETE_FAILED =
      """
      DELETE FROM backup WHERE node = $1 AND state = 'failed' AND id NOT IN (
        SELECT id FROM backup WHERE node = $1 AND state = 'failed' ORDER BY id DESC LIMIT $2)
      """;

  private static final String DUE =
      """
      SELECT id FROM backup WHERE active_key = $1 AND node = $2
      UNION ALL SELECT id FROM backup_removal WHERE node = $2
      """;

  private static final String REMOVE =
      "INSERT INTO backup_removal (node, file, at_ms) VALUES ($1, $2, $3)";

  private static final String REMOVALS =
      "SELECT id, file FROM backup_removal WHERE node = $1 ORDER BY id LIMIT $2";

  private static final String SWEEP =
      """
      DELETE FROM backup_removal WHERE id IN (
        SELECT id FROM backup_removal WHERE at_ms < $1 ORDER BY id LIMIT $2)
      RETURNING id
      """;

  private static final int SWEPT_MAX = 500;
  private static final Duration RETRY_AFTER = Duration.ofHours(1);

  /** A file that a node is to remove. */
  record Removal(long id, String file) {}

  /** Empty if another one is being made. */
  Optional<Long> insert(Transaction tx, String node, String kind, @Nullable PlayerId admin) {
    long now = tx.now().toEpochMilli();
    Long by = admin == null ? null : admin.value();
    return tx.run(INSERT, node, kind, by, now, ACTIVE).first(row -> row.number("id"));
  }

  /** Whether a node is to make one, has left one unfinished, or is to remove files. */
  boolean isDue(Reader reader, String node) {
    return !reader.read(DUE, ACTIVE, node).isEmpty();
  }

  /** Ends what a run has begun and does not work on; returns the ids. */
  List<Long> endInterrupted(Transaction tx, String node, long run) {
    return tx.run(END_INTERRUPTED, tx.now().toEpochMilli(), node, run).all(row -> row.number("id"));
  }

  /** Begins what a node is to make; empty if that is nothing. */
  Optional<Long> begin(Transaction tx, String node, long run) {
    return tx.run(BEGIN, run, node).first(row -> row.number("id"));
  }

  /** Ends a backup that was made and checked; false if others have ended it. */
  boolean done(Transaction tx, long backup, List<String> files, long bytes) {
    long now = tx.now().toEpochMilli();
    String names = new JsonArray(files).encode();
    boolean ended = !tx.run(END, "done", "", names, bytes, now, now, backup).isEmpty();
    if (ended) {
      tx.run(MARK_SETUP, Long.toString(now));
    }
    return ended;
  }

  void failed(Transaction tx, long backup, String problem) {
    tx.run(END, "failed", problem, "[]", 0L, null, tx.now().toEpochMilli(), backup);
  }

  /** Whether one is asked for or being made. */
  boolean isAnyActive(Reader reader) {
    return !reader.read("SELECT id FROM backup WHERE active_key = $1", ACTIVE).isEmpty();
  }

  /** Ends what a node has not begun since, or has left unfinished when it ended. */
  void endOrphans(Transaction tx, long dueSinceMs) {
    tx.run(END_ORPHANS, tx.now().toEpochMilli(), dueSinceMs);
  }

  Optional<Backup> find(Reader reader, long backup) {
    return reader.read(COLUMNS + "WHERE id = $1", backup).first(BackupStore::backup);
  }

  List<Backup> list(Reader reader, int max) {
    return reader.read(COLUMNS + "ORDER BY id DESC LIMIT $1", max).all(BackupStore::backup);
  }

  /** The finished ones of a node, the newest first. */
  List<Backup> keptBy(Reader reader, String node, int max) {
    return reader
        .read(COLUMNS + "WHERE node = $1 AND state = 'done' ORDER BY id DESC LIMIT $2", node, max)
        .all(BackupStore::backup);
  }

  /**
   * Whether it is time for the schedule: the latest one that did not fail was begun that long ago,
   * and the latest of the schedule that failed, if any, has ended an hour ago.
   */
  boolean isScheduleDue(Reader reader, long nowMs, Duration every) {
    long latest = reader.read(LATEST).first(row -> row.number("created_ms")).orElse(0L);
    if (nowMs - latest < every.toMillis()) {
      return false;
    }
    long failed = reader.read(LATEST_FAILED).first(row -> row.number("ended_ms")).orElse(0L);
    return nowMs - failed >= RETRY_AFTER.toMillis();
  }

  /** The last one that ended, and the last that was made, of those that are kept. */
  LastRuns lastRuns(Reader reader) {
    return new LastRuns(
        reader
            .read(LAST_ENDED)
            .first(
                row ->
                    new LastRun(
                        row.number("created_ms"),
                        row.number("ended_ms"),
                        row.text("state").equals("done")))
            .orElse(null),
        reader.read(LAST_DONE).first(row -> row.number("ended_ms")).orElse(0L));
  }

  /** Deletes the failed ones of a node but the newest. */
  void deleteFailed(Transaction tx, String node, int kept) {
    tx.run(DELETE_FAILED, node, kept);
  }

  /** Has the node that keeps a backup remove its files. */
  void removeFiles(Transaction tx, Backup backup) {
    for (String file : backup.files()) {
      tx.run(REMOVE, backup.node(), file, tx.now().toEpochMilli());
    }
  }

  /** The files that a node is to remove. */
  List<Removal> removals(Reader reader, String node, int max) {
    return reader
        .read(REMOVALS, node, max)
        .all(row -> new Removal(row.number("id"), row.text("file")));
  }

  void removed(Transaction tx, List<Removal> removals) {
    for (Removal removal : removals) {
      tx.run("DELETE FROM backup_removal WHERE id = $1", removal.id());
    }
  }

  /** Forgets what nodes did not remove since; returns how much. */
  long sweepRemovals(Transaction tx, long beforeMs) {
    return tx.run(SWEEP, beforeMs, SWEPT_MAX).size();
  }

  /** Deletes one that has ended, and returns it as it was; empty if it has not. */
  Optional<Backup> delete(Transaction tx, long backup) {
    return tx.run(DELETE, backup).first(BackupStore::backup);
  }

  private static Backup backup(Row row) {
    Long admin = row.numberOrNull("admin_id");
    Long verified = row.numberOrNull("verified_ms");
    Long ended = row.numberOrNull("ended_ms");
    return new Backup(
        row.number("id"),
        row.text("node"),
        row.text("kind"),
        Backup.State.of(row.text("state")),
        row.text("problem"),
        new JsonArray(row.text("files")).stream().map(String::valueOf).toList(),
        row.number("bytes"),
        admin == null ? null : new PlayerId(admin),
        verified == null ? 0 : verified,
        row.number("created_ms"),
        ended == null ? 0 : ended);
  }
}
