package dev.rookery.match;

import dev.rookery.match.ProfileChangeCommand.ParkedProfileChange;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Changes of profiles that a control plane has not confirmed yet, as rows. */
final class ProfileCallStore {
  private static final int REASON_MAX = 200;

  private static final String INSERT =
      """
      INSERT INTO match_profile_call
        (room_id, commit_key, player, user_key, game_key, deployment_version, schema_version, delta,
         attempts, created_ms, next_ms)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $9)
      """;

  private static final String COLUMNS =
      """
      SELECT id, room_id, commit_key, player, user_key, game_key, deployment_version, schema_version,
        delta, expected_revision, attempts FROM match_profile_call
      """;

  // One for each user and game: the next one waits until it is confirmed or given up.
  private static final String FIRST =
      """
      WHERE parked_ms IS NULL AND NOT EXISTS (
        SELECT 1 FROM match_profile_call AS earlier
        WHERE earlier.user_key = match_profile_call.user_key
          AND earlier.game_key = match_profile_call.game_key
          AND earlier.id < match_profile_call.id AND earlier.parked_ms IS NULL)
      """;

  private static final String DUE =
      COLUMNS + FIRST + "AND next_ms <= $1 ORDER BY next_ms, id LIMIT $2";

  private static final String NEXT =
      "SELECT next_ms FROM match_profile_call " + FIRST + "ORDER BY next_ms LIMIT 1";

  private static final String DELETE = "DELETE FROM match_profile_call WHERE id = $1";

  private static final String DELETE_OF_USER = "DELETE FROM match_profile_call WHERE user_key = $1";

  private static final String DELETE_OLD = "DELETE FROM match_profile_call WHERE parked_ms < $1";

  private static final String POSTPONE =
      """
      UPDATE match_profile_call SET attempts = $1, next_ms = $2, expected_revision = $3, reason = $4
      WHERE id = $5
      """;

  private static final String PARK =
      "UPDATE match_profile_call SET parked_ms = $1, reason = $2 WHERE id = $3";

  private static final String PARKED_COLUMNS =
      """
      id, room_id, commit_key, player, user_key, game_key, deployment_version, schema_version,
        delta, attempts, reason, created_ms, parked_ms
      """;

  private static final String PARKED =
      "SELECT "
          + PARKED_COLUMNS
          + """
          FROM match_profile_call WHERE parked_ms IS NOT NULL AND id > $1 ORDER BY id LIMIT $2
          """;

  // The revision that was expected then is not expected any more.
  private static final String UNPARK =
      """
      UPDATE match_profile_call
      SET parked_ms = NULL, attempts = 0, next_ms = $1, expected_revision = NULL
      WHERE id = $2 AND parked_ms IS NOT NULL RETURNING id
      """;

  private static final String DELETE_PARKED =
      "DELETE FROM match_profile_call WHERE id = $1 AND parked_ms IS NOT NULL RETURNING "
          + PARKED_COLUMNS;

  private static final String COUNT =
      """
      SELECT 'waiting' AS state, COUNT(*) AS calls FROM match_profile_call WHERE parked_ms IS NULL
      UNION ALL
      SELECT 'parked' AS state, COUNT(*) AS calls FROM match_profile_call
      WHERE parked_ms IS NOT NULL
      """;

  /**
   * A change that is to be sent.
   *
   * @param key as in {@link ProfileStore.Commit}
   * @param attempts that have failed
   */
  record Call(
      long id,
      String room,
      String key,
      String player,
      String user,
      String gameKey,
      String deploymentVersion,
      String schemaVersion,
      String delta,
      @Nullable Long expectedRevision,
      long attempts) {
    boolean isFinal() {
      return key.equals(ProfileStore.Commit.END);
    }
  }

  void insert(Transaction tx, ProfileStore.Commit commit) {
    tx.run(
        INSERT,
        commit.room(),
        commit.key(),
        commit.player(),
        commit.user(),
        commit.gameKey(),
        commit.deploymentVersion(),
        commit.profile().schemaVersion(),
        commit.operations(),
        tx.now().toEpochMilli());
  }

  List<Call> due(Reader reader, long nowMs, int max) {
    return reader.read(DUE, nowMs, (long) max).all(ProfileCallStore::call);
  }

  private static Call call(Row row) {
    return new Call(
        row.number("id"),
        row.text("room_id"),
        row.text("commit_key"),
        row.text("player"),
        row.text("user_key"),
        row.text("game_key"),
        row.text("deployment_version"),
        row.text("schema_version"),
        row.text("delta"),
        row.numberOrNull("expected_revision"),
        row.number("attempts"));
  }

  /** When the next one is due, apart from those that wait for another; empty if none is left. */
  Optional<Long> next(Reader reader) {
    return reader.read(NEXT).first(row -> row.number("next_ms"));
  }

  void delete(Transaction tx, Call call) {
    tx.run(DELETE, call.id);
  }

  void deleteOf(Transaction tx, String user) {
    tx.run(DELETE_OF_USER, user);
  }

  /** Deletes what was given up before a time. */
  void deleteParkedBefore(Transaction tx, long beforeMs) {
    tx.run(DELETE_OLD, beforeMs);
  }

  void postpone(Transaction tx, Call call, long nextMs, @Nullable Long revision, String reason) {
    tx.run(POSTPONE, call.attempts + 1, nextMs, revision, shortened(reason), call.id);
  }

  void park(Transaction tx, Call call, String reason) {
    tx.run(PARK, tx.now().toEpochMilli(), shortened(reason), call.id);
  }

  /** What was given up, after an id. */
  List<ParkedProfileChange> parked(Reader reader, long after, int max) {
    return reader.read(PARKED, after, (long) max).all(ProfileCallStore::parkedChange);
  }

  /** Lets a change that was given up be sent again; false if there is none of this id. */
  boolean unpark(Transaction tx, long id) {
    return !tx.run(UNPARK, tx.now().toEpochMilli(), id).isEmpty();
  }

  /** Deletes a change that was given up; empty if there is none of this id. */
  Optional<ParkedProfileChange> deleteParked(Transaction tx, long id) {
    return tx.run(DELETE_PARKED, id).first(ProfileCallStore::parkedChange);
  }

  private static ParkedProfileChange parkedChange(Row row) {
    String reason = row.textOrNull("reason");
    return new ParkedProfileChange(
        row.number("id"),
        row.text("room_id"),
        row.text("commit_key"),
        row.text("player"),
        row.text("user_key"),
        row.text("game_key"),
        row.text("deployment_version"),
        row.text("schema_version"),
        row.text("delta"),
        row.number("attempts"),
        reason == null ? "" : reason,
        row.number("created_ms"),
        row.number("parked_ms"));
  }

  private static String shortened(String reason) {
    return reason.length() > REASON_MAX ? reason.substring(0, REASON_MAX) : reason;
  }

  Map<String, Long> countByState(Reader reader) {
    return Map.copyOf(
        reader.read(COUNT).all(row -> Map.entry(row.text("state"), row.number("calls"))).stream()
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
  }
}
