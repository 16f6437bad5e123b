package dev.rookery.console;

import dev.rookery.base.PlayerId;
import dev.rookery.base.SessionId;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Sessions of the console and setup codes as rows. */
final class ConsoleSessionStore {
  private static final int LISTED_MAX = 100;

  private static final String INSERT =
      """
      INSERT INTO console_session (digest, player_id, created_ms, used_ms, expires_ms, idle_ms,
        address, user_agent, factor_ms, enrolling)
      VALUES ($1, $2, $3, $3, $4, $5, $6, $7, $8, $9)
      """;

  private static final String INSERT_METHOD =
      "INSERT INTO console_session_method (digest, method, expires_ms) VALUES ($1, $2, $3)";

  private static final String FIND =
      """
      SELECT player_id, used_ms, factor_ms, enrolling,
        (SELECT method FROM console_session_method
          WHERE console_session_method.digest = console_session.digest) AS method,
        CASE WHEN EXISTS (
            SELECT console_factor.player_id FROM console_factor
            WHERE console_factor.player_id = console_session.player_id AND confirmed = 1)
          OR EXISTS (
            SELECT console_passkey.id FROM console_passkey
            WHERE console_passkey.player_id = console_session.player_id)
          THEN 1 ELSE 0 END AS confirmed,
        CASE WHEN EXISTS (%s) THEN 1 ELSE 0 END AS role_by_groups,
      """
              .formatted(OidcSignIns.hasRole("console_session.player_id"))
          + Grants.roleOf("console_session.player_id", "$2")
          + """
           AS role FROM console_session
          WHERE digest = $1 AND expires_ms > $2 AND used_ms + idle_ms > $2
            AND NOT EXISTS (
              SELECT id FROM player
              WHERE player.id = console_session.player_id AND banned_ms IS NOT NULL
                AND (banned_until_ms IS NULL OR banned_until_ms > $2))
          """;

  private static final String IS_SIGNED_IN =
      """
      SELECT id FROM session
      WHERE id = $1 AND player_id = $2 AND ended_ms IS NULL AND expires_ms > $3
      """;

  private static final String USED =
      "UPDATE console_session SET used_ms = $1 WHERE digest = $2 AND used_ms < $1";

  private static final String FACTOR =
      """
      UPDATE console_session SET factor_ms = $1, enrolling = 0
      WHERE digest = $2 AND player_id = $3 RETURNING digest
      """;

  private static final String FACTOR_GIVEN =
      "SELECT factor_ms FROM console_session WHERE digest = $1 AND player_id = $2";

  private static final String END =
      "DELETE FROM console_session WHERE digest = $1 AND player_id = $2";

  private static final String END_OTHERS =
      "DELETE FROM console_session WHERE player_id = $1 AND digest <> $2";

  private static final String LIST =
      """
      SELECT digest, created_ms, used_ms, expires_ms, address, user_agent FROM console_session
      WHERE player_id = $1 AND expires_ms > $2 AND used_ms + idle_ms > $2
      ORDER BY used_ms DESC, digest LIMIT $3
      """;

  private static final String SWEEP =
      "DELETE FROM console_session WHERE expires_ms <= $1 OR used_ms + idle_ms <= $1 RETURNING"
          + " digest";

  private static final String SWEEP_METHODS =
      "DELETE FROM console_session_method WHERE expires_ms <= $1 RETURNING expires_ms";

  private static final String PUT_SETUP_CODE =
      """
      INSERT INTO console_setup_code (node, digest, created_ms) VALUES ($1, $2, $3)
      ON CONFLICT (node) DO UPDATE SET digest = $2, created_ms = $3
      """;

  private static final String HAS_SETUP_CODE =
      "SELECT node FROM console_setup_code WHERE digest = $1 AND created_ms > $2 LIMIT 1";

  private static final String SWEEP_SETUP_CODES =
      "DELETE FROM console_setup_code WHERE created_ms <= $1 RETURNING created_ms";

  /** Nodes renew theirs every minute; that of a node that is gone ends. */
  static final Duration SETUP_CODE_VALID_FOR = Duration.ofMinutes(15);

  /**
   * A stored session and the rights of its player now.
   *
   * @param roleByGroups whether the player has their role by their groups
   */
  record Stored(
      ConsoleCommand.FoundSession session,
      long usedMs,
      SignInMethod method,
      boolean roleByGroups) {}

  /**
   * A session to insert.
   *
   * @param untilMs when it ends at the latest
   * @param factor whether a second factor was given just now
   */
  record NewSession(
      String digest,
      PlayerId player,
      SignInMethod method,
      long untilMs,
      boolean factor,
      boolean enrolling) {}

  void insert(Transaction tx, NewSession session, Duration idle, ConsoleCommand.Browser browser) {
    long now = tx.now().toEpochMilli();
    tx.run(
        INSERT,
        session.digest(),
        session.player().value(),
        now,
        session.untilMs(),
        idle.toMillis(),
        browser.address(),
        browser.userAgent(),
        session.factor() ? now : 0L,
        session.enrolling() ? 1 : 0);
    if (session.method() != SignInMethod.PASSWORD) {
      tx.run(INSERT_METHOD, session.digest(), session.method().text(), session.untilMs());
    }
  }

  /** Whether a session of the player, not of the console, is open. */
  boolean isSignedIn(Transaction tx, PlayerId player, SessionId signIn) {
    return !tx.run(IS_SIGNED_IN, signIn.value(), player.value(), tx.now().toEpochMilli()).isEmpty();
  }

  /**
   * The open session; empty too if its player has no role any more, or is banned. A ban ends the
   * sessions that are there, but one may be opened meanwhile.
   */
  Optional<Stored> find(Reader reader, String digest, long nowMs, boolean factorRequired) {
    return reader
        .read(FIND, digest, nowMs)
        .first(row -> stored(row, nowMs, factorRequired))
        .flatMap(found -> found);
  }

  private static Optional<Stored> stored(Row row, long nowMs, boolean factorRequired) {
    boolean confirmed = row.flag("confirmed");
    boolean needsNone = !factorRequired && !confirmed;
    var method = SignInMethod.of(row.textOrNull("method"));
    // The factor may be required since the session was opened.
    boolean lacksOne = factorRequired && !confirmed && method != SignInMethod.OIDC_FACTOR;
    return RoleTemplate.selected(row.textOrNull("role"))
        .map(
            role ->
                new Stored(
                    new ConsoleCommand.FoundSession(
                        new PlayerId(row.number("player_id")),
                        role,
                        needsNone ? nowMs : row.number("factor_ms"),
                        row.flag("enrolling") || lacksOne),
                    row.number("used_ms"),
                    method,
                    row.flag("role_by_groups")));
  }

  void used(Transaction tx, String digest) {
    tx.run(USED, tx.now().toEpochMilli(), digest);
  }

  /** The second factor was given in this session; false if it has ended. */
  boolean factorGiven(Transaction tx, String digest, PlayerId player) {
    return !tx.run(FACTOR, tx.now().toEpochMilli(), digest, player.value()).isEmpty();
  }

  /** When the second factor was given last in a session; 0 if never, or if it has ended. */
  long factorMs(Reader reader, PlayerId player, String digest) {
    return reader
        .read(FACTOR_GIVEN, digest, player.value())
        .first(row -> row.number("factor_ms"))
        .orElse(0L);
  }

  void end(Transaction tx, PlayerId player, String digest) {
    tx.run(END, digest, player.value());
  }

  void endOthers(Transaction tx, PlayerId player, String digest) {
    tx.run(END_OTHERS, player.value(), digest);
  }

  List<ConsoleSession> list(Reader reader, PlayerId player, long nowMs) {
    return reader
        .read(LIST, player.value(), nowMs, (long) LISTED_MAX)
        .all(
            row ->
                new ConsoleSession(
                    row.text("digest"),
                    row.number("created_ms"),
                    row.number("used_ms"),
                    row.number("expires_ms"),
                    row.text("address"),
                    row.text("user_agent")));
  }

  int sweep(Transaction tx) {
    long now = tx.now().toEpochMilli();
    return tx.run(SWEEP, now).size()
        + tx.run(SWEEP_METHODS, now).size()
        + tx.run(SWEEP_SETUP_CODES, now - SETUP_CODE_VALID_FOR.toMillis()).size();
  }

  void putSetupCode(Transaction tx, String node, String digest) {
    tx.run(PUT_SETUP_CODE, node, digest, tx.now().toEpochMilli());
  }

  /** Whether it is the code of a node that has stored or renewed it lately. */
  boolean hasSetupCode(Reader reader, String digest, long nowMs) {
    return !reader.read(HAS_SETUP_CODE, digest, nowMs - SETUP_CODE_VALID_FOR.toMillis()).isEmpty();
  }
}
