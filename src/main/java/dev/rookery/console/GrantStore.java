package dev.rookery.console;

import dev.rookery.base.PlayerId;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Roles as rows, and what is true of the console as a whole. */
final class GrantStore {
  private static final int LISTED_MAX = 500;
  private static final long FINDINGS_MAX = 20;

  // Nodes of an earlier release write player.admin alone. The first parameter is the id of the
  // player, the second one the time.
  private static final String ROLE =
      """
      (SELECT CASE
          WHEN console_grant.role IS NULL AND player.admin = 1 THEN 'admin'
          WHEN console_grant.role IS NULL THEN ''
          WHEN console_grant_end.until_ms <= %2$s THEN ''
          WHEN console_grant.role IN ('owner', 'admin') AND player.admin = 0 THEN ''
          WHEN console_role.permissions IS NULL THEN console_grant.role
          ELSE console_grant.role || ' ' || console_role.permissions END
        FROM player LEFT JOIN console_grant ON console_grant.player_id = player.id
          LEFT JOIN console_grant_end ON console_grant_end.player_id = player.id
          LEFT JOIN console_role ON console_role.name = console_grant.role
        WHERE player.id = %1$s)
      """;

  private static final String FIND = "SELECT " + roleOf("$1", "$2") + " AS role";

  private static final String LOCK_PLAYER = "SELECT id FROM player WHERE id = $1";

  private static final String IS_BANNED =
      """
      SELECT id FROM player WHERE id = $1 AND banned_ms IS NOT NULL
        AND (banned_until_ms IS NULL OR banned_until_ms > $2)
      """;

  private static final String HAS_EMAIL = "SELECT id FROM player WHERE id = $1 AND email = $2";

  private static final String LOCK =
      """
      INSERT INTO console_state (name, value) VALUES ('grants', '')
      ON CONFLICT (name) DO UPDATE SET value = ''
      """;

  private static final String PUT =
      """
      INSERT INTO console_grant (player_id, role, granted_by, granted_ms) VALUES ($1, $2, $3, $4)
      ON CONFLICT (player_id) DO UPDATE SET role = $2, granted_by = $3, granted_ms = $4
      """;

  private static final String REMOVE = "DELETE FROM console_grant WHERE player_id = $1";

  private static final String FIND_END =
      "SELECT until_ms FROM console_grant_end WHERE player_id = $1 AND until_ms > $2";

  private static final String PUT_END =
      """
      INSERT INTO console_grant_end (player_id, until_ms) VALUES ($1, $2)
      ON CONFLICT (player_id) DO UPDATE SET until_ms = $2
      """;

  private static final String REMOVE_END = "DELETE FROM console_grant_end WHERE player_id = $1";

  private static final String LIST_EXPIRED =
      """
      SELECT player_id FROM console_grant_end WHERE until_ms <= $1
      ORDER BY until_ms, player_id LIMIT $2
      """;

  private static final String REMOVE_EXPIRED =
      "DELETE FROM console_grant_end WHERE player_id = $1 AND until_ms <= $2 RETURNING player_id";

  private static final String OWNERS =
      "SELECT count(*) AS owners FROM console_grant WHERE role = 'owner'";

  private static final String IS_OWNER =
      "SELECT player_id FROM console_grant WHERE player_id = $1 AND role = 'owner'";

  private static final String MARK_OWNED =
      "INSERT INTO console_state (name, value) VALUES ('owned', '1') ON CONFLICT DO NOTHING";

  private static final String IS_OWNED = "SELECT name FROM console_state WHERE name = 'owned'";

  private static final String REMOVE_SETUP_CODES = "DELETE FROM console_setup_code";

  private static final String END_SESSIONS = "DELETE FROM console_session WHERE player_id = $1";

  private static final List<String> FORGET =
      List.of(
          END_SESSIONS,
          "DELETE FROM console_key WHERE player_id = $1",
          "DELETE FROM console_invite WHERE player_id = $1",
          "DELETE FROM console_failure WHERE player_id = $1",
          "DELETE FROM console_api_factor WHERE player_id = $1",
          "DELETE FROM saved_view WHERE admin_id = $1",
          "DELETE FROM player_note WHERE player_id = $1",
          "DELETE FROM console_factor WHERE player_id = $1",
          "DELETE FROM console_recovery_code WHERE player_id = $1",
          "DELETE FROM console_passkey WHERE player_id = $1",
          "DELETE FROM console_oidc_role WHERE player_id = $1",
          "DELETE FROM console_oidc_session WHERE player_id = $1");

  private static final String LIST =
      """
      SELECT console_grant.player_id, console_grant.role, console_grant.granted_by,
        console_grant.granted_ms, console_grant_end.until_ms, player.display_name, player.email,
        (SELECT count(*) FROM console_session WHERE console_session.player_id = player.id
          AND console_session.expires_ms > $1) AS sessions,
        (SELECT count(*) FROM console_factor WHERE console_factor.player_id = player.id
          AND console_factor.confirmed = 1)
        + (SELECT count(*) FROM console_passkey WHERE console_passkey.player_id = player.id)
          AS factors
      FROM console_grant JOIN player ON player.id = console_grant.player_id
        LEFT JOIN console_grant_end ON console_grant_end.player_id = player.id
      ORDER BY console_grant.player_id LIMIT $2
      """;

  private static final String CHECK_ADMINS =
      """
      SELECT id, display_name, factor, automatic
      FROM (
        SELECT player.id, player.display_name,
          CASE WHEN console_factor.confirmed = 1 OR EXISTS (
              SELECT console_passkey.id FROM console_passkey
              WHERE console_passkey.player_id = player.id)
            THEN 1 ELSE 0 END AS factor,
          CASE WHEN console_grant.role = 'admin' AND console_grant.granted_by IS NULL
                    AND player.id = (SELECT min(id) FROM player)
               THEN 1 ELSE 0 END AS automatic
        FROM player
        LEFT JOIN console_grant ON console_grant.player_id = player.id
        LEFT JOIN console_factor ON console_factor.player_id = player.id
        WHERE player.admin = 1) AS admins
      WHERE factor = 0 OR automatic = 1
      ORDER BY id LIMIT $1
      """;

  static String roleOf(String id, String nowMs) {
    return ROLE.formatted(id, nowMs);
  }

  /** Waits until no other transaction changes roles. */
  void lock(Transaction tx) {
    tx.run(LOCK);
  }

  /** Waits until no other transaction changes the player; before {@link #lock}. */
  void lockPlayer(Transaction tx, PlayerId player) {
    tx.run(LOCK_PLAYER + tx.dialect().forUpdate(), player.value());
  }

  Optional<RoleTemplate> find(Reader reader, PlayerId player, long nowMs) {
    return reader
        .read(FIND, player.value(), nowMs)
        .first(row -> RoleTemplate.selected(row.textOrNull("role")))
        .flatMap(role -> role);
  }

  /** As {@link Grants#problem}, without an access key. */
  String problem(Transaction tx, PlayerId admin, Permission permission) {
    if (!tx.read(IS_BANNED, admin.value(), tx.now().toEpochMilli()).isEmpty()) {
      return "account_banned";
    }
    return find(tx, admin).filter(role -> role.may(permission)).isPresent()
        ? ""
        : "missing_permission";
  }

  boolean hasEmail(Reader reader, PlayerId player, String email) {
    return !reader.read(HAS_EMAIL, player.value(), email).isEmpty();
  }

  Optional<RoleTemplate> find(Transaction tx, PlayerId player) {
    return find(tx, player, tx.now().toEpochMilli());
  }

  /** When the role of a player ends; null if it does not. */
  @Nullable Long findEnd(Transaction tx, PlayerId player) {
    return tx.read(FIND_END, player.value(), tx.now().toEpochMilli())
        .first(row -> row.number("until_ms"))
        .orElse(null);
  }

  void put(
      Transaction tx,
      PlayerId player,
      RoleTemplate role,
      @Nullable PlayerId by,
      @Nullable Long untilMs) {
    tx.run(
        PUT, player.value(), role.name(), by == null ? null : by.value(), tx.now().toEpochMilli());
    if (untilMs == null) {
      tx.run(REMOVE_END, player.value());
    } else {
      tx.run(PUT_END, player.value(), untilMs);
    }
  }

  /** Players whose role has ended and is still stored, at most 500. */
  List<PlayerId> listExpired(Reader reader, long nowMs) {
    return reader
        .read(LIST_EXPIRED, nowMs, (long) LISTED_MAX)
        .all(row -> new PlayerId(row.number("player_id")));
  }

  /** Removes the role of a player if it has ended; false if it has not. */
  boolean removeExpired(Transaction tx, PlayerId player) {
    if (tx.run(REMOVE_EXPIRED, player.value(), tx.now().toEpochMilli()).isEmpty()) {
      return false;
    }
    tx.run(REMOVE, player.value());
    return true;
  }

  void remove(Transaction tx, PlayerId player) {
    tx.run(REMOVE, player.value());
    tx.run(REMOVE_END, player.value());
  }

  /** Whether the player is stored as an owner, also if the row of the player is gone. */
  boolean isOwner(Reader reader, PlayerId player) {
    return !reader.read(IS_OWNER, player.value()).isEmpty();
  }

  long owners(Reader reader) {
    return reader.read(OWNERS).row(0).number("owners");
  }

  /** Closes the set-up for ever. */
  void markOwned(Transaction tx) {
    tx.run(MARK_OWNED);
    tx.run(REMOVE_SETUP_CODES);
  }

  /** Whether the server has, or had, an owner. */
  boolean isOwned(Reader reader) {
    return !reader.read(IS_OWNED).isEmpty();
  }

  void endSessions(Transaction tx, PlayerId player) {
    tx.run(END_SESSIONS, player.value());
  }

  void forget(Transaction tx, PlayerId player) {
    FORGET.forEach(statement -> tx.run(statement, player.value()));
  }

  List<Grant> list(Reader reader, long nowMs) {
    return reader.read(LIST, nowMs, (long) LISTED_MAX).all(GrantStore::grant);
  }

  /** The owners and admins without a second factor, and the one who came first. */
  List<ConsoleCommand.AdminFinding> checkAdmins(Reader reader) {
    return reader
        .read(CHECK_ADMINS, FINDINGS_MAX)
        .all(
            row ->
                new ConsoleCommand.AdminFinding(
                    new PlayerId(row.number("id")),
                    row.text("display_name"),
                    row.flag("factor"),
                    row.flag("automatic")));
  }

  private static Grant grant(Row row) {
    Long by = row.numberOrNull("granted_by");
    return new Grant(
        new PlayerId(row.number("player_id")),
        row.text("display_name"),
        row.textOrNull("email"),
        row.text("role"),
        by == null ? null : new PlayerId(by),
        row.number("granted_ms"),
        row.numberOrNull("until_ms"),
        (int) row.number("sessions"),
        row.number("factors") > 0);
  }
}
