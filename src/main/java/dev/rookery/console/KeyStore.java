package dev.rookery.console;

import dev.rookery.base.PlayerId;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Access keys and their use as rows. */
final class KeyStore {
  private static final long LISTED_MAX = 1_000;
  private static final long DAYS_LISTED_MAX = 90;
  private static final long DAYS_OF_MONTH = 30;
  private static final long DAY_MS = Duration.ofDays(1).toMillis();

  private static final String INSERT =
      """
      INSERT INTO console_key (id, digest, old_digest, old_until_ms, player_id, name, permissions,
        networks, dangerous, created_ms, expires_ms, used_ms, used_address)
      VALUES ($1, $2, NULL, NULL, $3, $4, $5, $6, $7, $8, $9, 0, '')
      """;

  private static final String ROTATE =
      """
      UPDATE console_key SET old_digest = digest, old_until_ms = $1, digest = $2, expires_ms = $3
      WHERE id = $4
      """;

  private static final String DELETE = "DELETE FROM console_key WHERE id = $1";

  private static final String DELETE_USE = "DELETE FROM console_key_use WHERE key_id = $1";

  private static final String COUNT =
      "SELECT count(*) AS keys FROM console_key WHERE player_id = $1 AND expires_ms > $2";

  // $1 is the time, $2 today and $3 the first day of the month.
  private static final String SELECT =
      """
      SELECT console_key.id, console_key.player_id, player.display_name, console_key.name,
        console_key.permissions, console_key.networks, console_key.dangerous,
        console_key.created_ms, console_key.expires_ms, console_key.old_until_ms,
        console_key.used_ms, console_key.used_address,
        COALESCE((SELECT calls FROM console_key_use
          WHERE key_id = console_key.id AND day = $2), 0) AS calls_today,
        CAST(COALESCE((SELECT sum(calls) FROM console_key_use
          WHERE key_id = console_key.id AND day >= $3), 0) AS BIGINT) AS calls_of_month
      FROM console_key JOIN player ON player.id = console_key.player_id
      WHERE console_key.expires_ms > $1
      """;

  private static final String LIST =
      SELECT + " ORDER BY console_key.player_id, console_key.created_ms, console_key.id LIMIT $4";

  private static final String FIND = SELECT + " AND console_key.id = $4";

  private static final String DAYS =
      "SELECT day, calls FROM console_key_use WHERE key_id = $1 ORDER BY day DESC LIMIT $2";

  private static final String FIND_RIGHTS =
      """
      SELECT id, player_id, permissions, networks, dangerous,
      """
          + Grants.roleOf("console_key.player_id", "$2")
          + """
           AS role FROM console_key
          WHERE (digest = $1 OR (old_digest = $1 AND old_until_ms > $2)) AND expires_ms > $2
            AND NOT EXISTS (
              SELECT id FROM player
              WHERE player.id = console_key.player_id AND banned_ms IS NOT NULL
                AND (banned_until_ms IS NULL OR banned_until_ms > $2))
          """;

  private static final String ADD_CALLS =
      """
      INSERT INTO console_key_use (key_id, day, calls) VALUES ($1, $2, $3)
      ON CONFLICT (key_id, day) DO UPDATE SET calls = console_key_use.calls + $3
      """;

  private static final String USED =
      """
      UPDATE console_key SET used_ms = $1, used_address = $2 WHERE id = $3 AND used_ms < $1
      RETURNING id
      """;

  private static final String EXISTS = "SELECT id FROM console_key WHERE id = $1";

  private static final List<String> SWEEP =
      List.of(
          "DELETE FROM console_key WHERE expires_ms <= $1 RETURNING id",
          "DELETE FROM console_key_use WHERE key_id NOT IN (SELECT id FROM console_key)"
              + " RETURNING key_id");

  private static final String SWEEP_DAYS =
      "DELETE FROM console_key_use WHERE day < $1 RETURNING key_id";

  void insert(Transaction tx, KeyCommand.Create key, String id, String digest) {
    tx.run(
        INSERT,
        id,
        digest,
        key.by().value(),
        key.name(),
        RoleTemplate.format(key.permissions()),
        String.join(" ", key.networks()),
        key.dangerous() ? 1 : 0,
        tx.now().toEpochMilli(),
        key.expiresMs());
  }

  void rotate(Transaction tx, String id, String digest, long oldUntilMs, long expiresMs) {
    tx.run(ROTATE, oldUntilMs, digest, expiresMs, id);
  }

  void delete(Transaction tx, String id) {
    tx.run(DELETE, id);
    tx.run(DELETE_USE, id);
  }

  long count(Transaction tx, PlayerId maker) {
    return tx.read(COUNT, maker.value(), tx.now().toEpochMilli()).row(0).number("keys");
  }

  List<AccessKey> list(Reader reader, long nowMs) {
    long today = nowMs / DAY_MS;
    return reader
        .read(LIST, nowMs, today, today - DAYS_OF_MONTH + 1, LISTED_MAX)
        .all(KeyStore::key);
  }

  Optional<AccessKey> find(Reader reader, String id, long nowMs) {
    long today = nowMs / DAY_MS;
    return reader.read(FIND, nowMs, today, today - DAYS_OF_MONTH + 1, id).first(KeyStore::key);
  }

  List<AccessKey.Day> listDays(Reader reader, String id) {
    return reader
        .read(DAYS, id, DAYS_LISTED_MAX)
        .all(row -> new AccessKey.Day(row.number("day"), row.number("calls")));
  }

  Optional<AccessKey.Rights> findRights(Reader reader, String digest, long nowMs) {
    return reader.read(FIND_RIGHTS, digest, nowMs).first(KeyStore::rights).flatMap(found -> found);
  }

  /** Adds uses to a key that is still there. */
  void addUses(Transaction tx, AccessKey.Uses uses) {
    if (tx.read(EXISTS, uses.id()).isEmpty()) {
      return;
    }
    tx.run(ADD_CALLS, uses.id(), uses.day(), uses.calls());
    tx.run(USED, uses.usedMs(), uses.address(), uses.id());
  }

  /** Deletes keys that have ended, and what is known of their use; returns how many rows. */
  int sweep(Transaction tx) {
    long now = tx.now().toEpochMilli();
    return tx.run(SWEEP.getFirst(), now).size()
        + tx.run(SWEEP.getLast()).size()
        + tx.run(SWEEP_DAYS, now / DAY_MS - DAYS_LISTED_MAX).size();
  }

  /** The day of a time, since 1970. */
  static long day(long ms) {
    return ms / DAY_MS;
  }

  private static AccessKey key(Row row) {
    @Nullable Long oldUntil = row.numberOrNull("old_until_ms");
    return new AccessKey(
        row.text("id"),
        new PlayerId(row.number("player_id")),
        row.text("display_name"),
        row.text("name"),
        RoleTemplate.parse(row.text("permissions")),
        words(row.text("networks")),
        row.flag("dangerous"),
        row.number("created_ms"),
        row.number("expires_ms"),
        oldUntil,
        row.number("used_ms"),
        row.text("used_address"),
        row.number("calls_today"),
        row.number("calls_of_month"));
  }

  private static Optional<AccessKey.Rights> rights(Row row) {
    return RoleTemplate.selected(row.textOrNull("role"))
        .map(
            role ->
                new AccessKey.Rights(
                    row.text("id"),
                    new PlayerId(row.number("player_id")),
                    role.narrowedTo(
                        Actor.Kind.KEY.text(), RoleTemplate.parse(row.text("permissions"))),
                    words(row.text("networks")),
                    row.flag("dangerous")));
  }

  private static List<String> words(String text) {
    return Arrays.stream(text.split(" ", -1)).filter(word -> !word.isEmpty()).toList();
  }
}
