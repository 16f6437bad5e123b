package dev.rookery.loadrun;

import dev.rookery.base.PlayerId;
import dev.rookery.loadrun.LoadRun.State;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Runs, their seconds and their players as rows. */
final class LoadStore {
  private static final long RUNS_KEPT = 50;
  private static final long SECONDS_MAX = 2_000;
  private static final double THOUSANDTHS = 1_000;
  private static final long UNKNOWN = -1;

  private static final String COLUMNS =
      """
      id, scenario, node, player_count, ramp_ms, time_ms, p99_max_ms, removes, admin_id, state,
        started_ms, updated_ms, ended_ms, outcome, problem, unit, rate_milli, p50_us, p99_us,
        answered, errors,
        (SELECT count(*) FROM load_player WHERE load_player.run_id = load_run.id) AS players_left
      """;

  // The unique key lets one run be open at a time, on the whole cluster.
  private static final String INSERT =
      """
      INSERT INTO load_run (scenario, node, player_count, ramp_ms, time_ms, p99_max_ms, removes,
        admin_id, state, open_key, started_ms, updated_ms, ended_ms, outcome, problem, unit,
        rate_milli, p50_us, p99_us, answered, errors)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'asked', 'open', $9, $9, 0, '', '', '', 0, 0, 0, 0, 0)
      ON CONFLICT (open_key) DO NOTHING RETURNING id
      """;

  // A run whose players are still there is kept until they are deleted.
  private static final String FORGET =
      """
      DELETE FROM load_run WHERE id <= $1 AND state = 'ended' AND NOT EXISTS (
        SELECT 1 FROM load_player WHERE load_player.run_id = load_run.id)
      RETURNING id
      """;

  private static final String FIND = "SELECT " + COLUMNS + " FROM load_run WHERE id = $1";

  private static final String LIST =
      "SELECT " + COLUMNS + " FROM load_run ORDER BY id DESC LIMIT 50";

  private static final String CLAIM =
      """
      UPDATE load_run SET state = 'running', updated_ms = $1
      WHERE id = $2 AND state = 'asked' RETURNING id
      """;

  private static final String UPDATE =
      """
      UPDATE load_run SET updated_ms = $1, answered = $2, errors = $3, problem = $4
      WHERE id = $5 AND state IN ('running', 'stopping') RETURNING state
      """;

  private static final String RESULT =
      """
      UPDATE load_run SET unit = $1, rate_milli = $2, p50_us = $3, p99_us = $4 WHERE id = $5
      """;

  private static final String END =
      """
      UPDATE load_run SET state = CASE WHEN removes = 1 THEN 'removing' ELSE 'ended' END,
        open_key = NULL, ended_ms = $1, updated_ms = $1, outcome = $2
      WHERE id = $3 AND open_key IS NOT NULL RETURNING id
      """;

  private static final String STALE =
      "SELECT id FROM load_run WHERE open_key IS NOT NULL AND updated_ms < $1";

  private static final String SET_STATE =
      "UPDATE load_run SET state = $1 WHERE id = $2 AND state = $3 RETURNING id";

  private static final String REMOVING =
      "SELECT id FROM load_run WHERE state = 'removing' ORDER BY id LIMIT 1";

  private static final String ADD_SECOND =
      """
      INSERT INTO load_second (run_id, second, requests_milli, p99_us, errors,
        server_requests_milli, server_p99_us, lag_us, cpu_milli)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (run_id, second) DO NOTHING
      """;

  private static final String SECONDS =
      """
      SELECT second, requests_milli, p99_us, errors, server_requests_milli, server_p99_us, lag_us,
        cpu_milli
      FROM load_second WHERE run_id = $1 ORDER BY second LIMIT $2
      """;

  private static final String ADD_PLAYER =
      """
      INSERT INTO load_player (run_id, player_id) VALUES ($1, $2)
      ON CONFLICT (run_id, player_id) DO NOTHING
      """;

  private static final String PLAYERS =
      "SELECT player_id FROM load_player WHERE run_id = $1 ORDER BY player_id LIMIT $2";

  Optional<Long> insert(Transaction tx, LoadPlan plan, PlayerId admin) {
    Optional<Long> id =
        tx.run(
                INSERT,
                plan.scenario().text(),
                plan.node(),
                plan.players(),
                plan.ramp().toMillis(),
                plan.time().toMillis(),
                plan.p99MaxMs(),
                plan.removes() ? 1 : 0,
                admin.value(),
                tx.now().toEpochMilli())
            .first(row -> row.number("id"));
    id.ifPresent(created -> forgetBefore(tx, created - RUNS_KEPT));
    return id;
  }

  private void forgetBefore(Transaction tx, long run) {
    for (long forgotten : tx.run(FORGET, run).all(row -> row.number("id"))) {
      tx.run("DELETE FROM load_second WHERE run_id = $1", forgotten);
    }
  }

  Optional<LoadRun> find(Reader reader, long run) {
    return reader.read(FIND, run).first(LoadStore::run);
  }

  List<LoadRun> list(Reader reader) {
    return reader.read(LIST).all(LoadStore::run);
  }

  /** Takes a run that was asked for; false if it is not, or not any more. */
  boolean claim(Transaction tx, long run) {
    return !tx.run(CLAIM, tx.now().toEpochMilli(), run).isEmpty();
  }

  /** Stores a second; returns whether the run goes on. */
  boolean add(Transaction tx, long run, LoadSecond second, Counters counters, List<Long> players) {
    tx.run(
        ADD_SECOND,
        run,
        (long) second.second(),
        stored(second.requests()),
        stored(second.p99Ms()),
        second.errors(),
        stored(second.serverRequests()),
        stored(second.serverP99Ms()),
        stored(second.lagMs()),
        stored(second.cpu()));
    return update(tx, run, counters, players);
  }

  /**
   * What the generator has counted since its start.
   *
   * @param firstError empty for none
   */
  record Counters(long answered, long errors, String firstError) {}

  /** Stores what was counted, and who has signed in; returns whether the run goes on. */
  boolean update(Transaction tx, long run, Counters counters, List<Long> players) {
    players.forEach(player -> tx.run(ADD_PLAYER, run, player));
    return tx.run(
            UPDATE,
            tx.now().toEpochMilli(),
            counters.answered(),
            counters.errors(),
            counters.firstError(),
            run)
        .first(row -> row.text("state").equals(State.RUNNING.text()))
        .orElse(false);
  }

  void setResult(
      Transaction tx, long run, String unit, double perSecond, double p50Ms, double p99Ms) {
    tx.run(RESULT, unit, stored(perSecond), stored(p50Ms), stored(p99Ms), run);
  }

  void end(Transaction tx, long run, String outcome) {
    tx.run(END, tx.now().toEpochMilli(), outcome, run);
  }

  /** Runs that have not ended, and of which nothing was stored since. */
  List<Long> stale(Reader reader, long beforeMs) {
    return reader.read(STALE, beforeMs).all(row -> row.number("id"));
  }

  /** Changes the state if it is the expected one. */
  boolean setState(Transaction tx, long run, State from, State to) {
    return !tx.run(SET_STATE, to.text(), run, from.text()).isEmpty();
  }

  /** A run whose players are to be deleted. */
  Optional<Long> removing(Reader reader) {
    return reader.read(REMOVING).first(row -> row.number("id"));
  }

  List<PlayerId> players(Reader reader, long run, int max) {
    return reader.read(PLAYERS, run, (long) max).all(row -> new PlayerId(row.number("player_id")));
  }

  void forgetPlayer(Transaction tx, long run, PlayerId player) {
    tx.run("DELETE FROM load_player WHERE run_id = $1 AND player_id = $2", run, player.value());
  }

  List<LoadSecond> seconds(Reader reader, long run) {
    return reader
        .read(SECONDS, run, SECONDS_MAX)
        .all(
            row ->
                new LoadSecond(
                    (int) row.number("second"),
                    shown(row, "requests_milli"),
                    shown(row, "p99_us"),
                    row.number("errors"),
                    shown(row, "server_requests_milli"),
                    shown(row, "server_p99_us"),
                    shown(row, "lag_us"),
                    shown(row, "cpu_milli")));
  }

  private static long stored(double value) {
    return Double.isNaN(value) ? UNKNOWN : Math.round(value * THOUSANDTHS);
  }

  private static double shown(Row row, String column) {
    long value = row.number(column);
    return value < 0 ? Double.NaN : value / THOUSANDTHS;
  }

  private static LoadRun run(Row row) {
    var plan =
        new LoadPlan(
            LoadScenario.of(row.text("scenario")).orElse(LoadScenario.PLAY),
            row.text("node"),
            (int) row.number("player_count"),
            Duration.ofMillis(row.number("ramp_ms")),
            Duration.ofMillis(row.number("time_ms")),
            (int) row.number("p99_max_ms"),
            row.flag("removes"));
    return new LoadRun(
        row.number("id"),
        plan,
        row.numberOrNull("admin_id"),
        State.valueOf(row.text("state").toUpperCase(Locale.ROOT)),
        row.number("started_ms"),
        row.number("updated_ms"),
        row.number("ended_ms"),
        row.text("outcome"),
        row.text("problem"),
        row.text("unit"),
        shown(row, "rate_milli"),
        shown(row, "p50_us"),
        shown(row, "p99_us"),
        row.number("answered"),
        row.number("errors"),
        row.number("players_left"));
  }
}
