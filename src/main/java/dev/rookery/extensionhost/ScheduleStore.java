package dev.rookery.extensionhost;

import dev.rookery.base.Refused;
import dev.rookery.cluster.NodeLiveness;
import dev.rookery.store.Database;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which times of the schedules of extensions were claimed, and by which run of a node. */
final class ScheduleStore {
  private static final int ERROR_MAX = 200;

  // A changed schedule begins anew: its times before now are not those of the job.
  private static final String PUT =
      """
      INSERT INTO extension_schedule (extension, name, schedule, period_ms)
      VALUES ($1, $2, $3, $4)
      ON CONFLICT (extension, name) DO UPDATE SET
        schedule = excluded.schedule,
        period_ms = CASE WHEN extension_schedule.schedule = excluded.schedule
          THEN extension_schedule.period_ms ELSE excluded.period_ms END
      RETURNING period_ms
      """;

  private static final String DELETE_OTHERS =
      "DELETE FROM extension_schedule WHERE extension = $1 AND name NOT IN (%s)";

  private static final String DELETE = "DELETE FROM extension_schedule WHERE extension = $1";

  private static final String CLAIM =
      """
      UPDATE extension_schedule SET period_ms = $1, run = $2, started_ms = $3, ended_ms = NULL
      WHERE extension = $4 AND name = $5 AND schedule = $6 AND period_ms < $1 AND run IS NULL
      RETURNING name
      """;

  private static final String FIND_PERIOD =
      "SELECT period_ms FROM extension_schedule WHERE extension = $1 AND name = $2";

  private static final String FIND_INTERRUPTED =
      """
      SELECT name, schedule, period_ms, run FROM extension_schedule
      WHERE extension = $1 AND run IS NOT NULL AND NOT %s
      """
          .formatted(NodeLiveness.isAliveCondition("extension_schedule.run"));

  private static final String CLAIM_INTERRUPTED =
      """
      UPDATE extension_schedule SET run = $1, started_ms = $2
      WHERE extension = $3 AND name = $4 AND period_ms = $5 AND run = $6
      RETURNING name
      """;

  private static final String END =
      """
      UPDATE extension_schedule SET run = NULL, ended_ms = $1, error = $2
      WHERE extension = $3 AND name = $4 AND period_ms = $5 AND run = $6
      RETURNING name
      """;

  private static final String LIST =
      """
      SELECT name, schedule, period_ms, run, started_ms, ended_ms, error FROM extension_schedule
      WHERE extension = $1 ORDER BY name
      """;

  private static final String LIST_ALL =
      """
      SELECT extension, name, schedule, period_ms, run, started_ms, ended_ms, error
      FROM extension_schedule ORDER BY extension, name LIMIT $1
      """;

  private final Database database;

  ScheduleStore(Database database) {
    this.database = database;
  }

  /** A time of a job that a run of a node has claimed. */
  record Claim(String extension, String job, long periodMs, long run) {}

  /** A run of a job that did not end before its node did. */
  record Interrupted(String job, String schedule, long periodMs, long run) {}

  /**
   * A stored job.
   *
   * @param periodMs the last time that was claimed, or when the job was added
   * @param running whether a node carries it out
   * @param startedMs of the last run; null if there was none
   */
  record Stored(
      String name,
      String schedule,
      long periodMs,
      boolean running,
      @Nullable Long startedMs,
      @Nullable Long endedMs,
      @Nullable String error) {}

  /** Stores the jobs of a version in place of those before; returns the last times claimed. */
  Map<String, Long> put(String extension, Collection<ScheduleTable.Job> jobs) {
    return database.write(
        tx -> {
          var periods = new HashMap<String, Long>();
          for (ScheduleTable.Job job : jobs) {
            long now = tx.now().toEpochMilli();
            long period =
                tx.run(PUT, extension, job.name(), job.schedule(), now).row(0).number("period_ms");
            periods.put(job.name(), period);
          }
          if (jobs.isEmpty()) {
            deleteAll(tx, extension);
          } else {
            var values = new ArrayList<@Nullable Object>();
            values.add(extension);
            jobs.forEach(job -> values.add(job.name()));
            String names = Placeholders.list(2, jobs.size());
            tx.run(DELETE_OTHERS.formatted(names), values.toArray());
          }
          return periods;
        });
  }

  static void deleteAll(Transaction tx, String extension) {
    tx.run(DELETE, extension);
  }

  /** Claims a time for a run of this node; false if it is claimed, or the job is not due. */
  boolean claim(Claim claim, String schedule) {
    return database.write(tx -> claim(tx, claim, schedule));
  }

  /**
   * As {@link #claim}.
   *
   * @throws Refused {@code job_running} if it cannot be claimed
   */
  void requireClaim(Claim claim, String schedule) {
    database.write(
        tx -> {
          if (!claim(tx, claim, schedule)) {
            throw Refused.conflict("job_running");
          }
          return claim;
        });
  }

  private static boolean claim(Transaction tx, Claim claim, String schedule) {
    return !tx.run(
            CLAIM,
            claim.periodMs,
            claim.run,
            tx.now().toEpochMilli(),
            claim.extension,
            claim.job,
            schedule)
        .isEmpty();
  }

  /** The last time that was claimed; empty if the job is gone. */
  Optional<Long> findClaimed(String extension, String job) {
    return database.read(FIND_PERIOD, extension, job).first(row -> row.number("period_ms"));
  }

  List<Interrupted> findInterrupted(String extension) {
    return database
        .read(FIND_INTERRUPTED, extension)
        .all(
            row ->
                new Interrupted(
                    row.text("name"),
                    row.text("schedule"),
                    row.number("period_ms"),
                    row.number("run")));
  }

  /** Claims a run that was interrupted; false if another node has. */
  boolean claimInterrupted(Claim claim, long interruptedRun) {
    return database.write(
        tx ->
            !tx.run(
                    CLAIM_INTERRUPTED,
                    claim.run,
                    tx.now().toEpochMilli(),
                    claim.extension,
                    claim.job,
                    claim.periodMs,
                    interruptedRun)
                .isEmpty());
  }

  /** Stores the end of a run, unless another node has repeated it. */
  void end(Claim claim, long endedMs, @Nullable String error) {
    database.write(
        tx ->
            tx.run(
                END,
                endedMs,
                error == null || error.length() <= ERROR_MAX
                    ? error
                    : error.substring(0, ERROR_MAX),
                claim.extension,
                claim.job,
                claim.periodMs,
                claim.run));
  }

  List<Stored> list(String extension) {
    return database.read(LIST, extension).all(ScheduleStore::stored);
  }

  /** A stored job with its extension. */
  record OfExtension(String extension, Stored job) {}

  List<OfExtension> listAll(int max) {
    return database
        .read(LIST_ALL, (long) max)
        .all(row -> new OfExtension(row.text("extension"), stored(row)));
  }

  private static Stored stored(Row row) {
    return new Stored(
        row.text("name"),
        row.text("schedule"),
        row.number("period_ms"),
        row.numberOrNull("run") != null,
        row.numberOrNull("started_ms"),
        row.numberOrNull("ended_ms"),
        row.textOrNull("error"));
  }
}
