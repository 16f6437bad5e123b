package dev.rookery.console;

import dev.rookery.base.PlayerId;
import dev.rookery.base.SessionId;
import dev.rookery.store.Reader;
import dev.rookery.store.Transaction;
import java.time.Duration;
import java.util.Optional;

/**
 * Which players have their role by their groups at the identity provider of admins, and which of
 * their sessions began there, as rows, for domains inside their own transactions.
 *
 * <p>Groups are read at sign-in. So that a group that is taken away ends its rights, such a role
 * counts only in sessions that began at the provider, for {@link #VALID_FOR}.
 */
public final class OidcSignIns {
  /** How long the groups that were read at a sign-in count. */
  public static final Duration VALID_FOR = Duration.ofHours(12);

  private static final String VALID_SESSION =
      """
      EXISTS (
        SELECT console_oidc_session.session FROM console_oidc_session
        WHERE console_oidc_session.session = session.id
          AND console_oidc_session.signed_in_ms + %d > $1)
      """
          .formatted(VALID_FOR.toMillis());

  private static final String HAS_ROLE =
      """
      SELECT console_oidc_role.player_id FROM console_oidc_role
      JOIN console_grant ON console_grant.player_id = console_oidc_role.player_id
      WHERE console_oidc_role.player_id = %s AND console_grant.role = console_oidc_role.role
        AND console_grant.granted_by IS NULL
      """;

  private static final String FIND_ROLE = hasRole("$1");

  private static final String RECORDED_ROLE =
      "SELECT role FROM console_oidc_role WHERE player_id = $1";

  private static final String PUT_ROLE =
      """
      INSERT INTO console_oidc_role (player_id, role) VALUES ($1, $2)
      ON CONFLICT (player_id) DO UPDATE SET role = $2
      """;

  private static final String PUT_SESSION =
      """
      INSERT INTO console_oidc_session (session, player_id, factor, signed_in_ms)
      VALUES ($1, $2, $3, $4)
      """;

  private static final String PUT_FURTHER_SESSION =
      """
      INSERT INTO console_oidc_session (session, player_id, factor, signed_in_ms)
      SELECT CAST($1 AS TEXT), player_id, factor, signed_in_ms FROM console_oidc_session
      WHERE player_id = $2
      ORDER BY signed_in_ms DESC LIMIT 1
      """;

  private static final String FIND =
      """
      SELECT factor, signed_in_ms FROM console_oidc_session WHERE session = $1 AND player_id = $2
      """;

  private static final String REMOVE_ROLE = "DELETE FROM console_oidc_role WHERE player_id = $1";

  private static final String REMOVE_SESSIONS =
      "DELETE FROM console_oidc_session WHERE player_id = $1";

  private static final String SWEEP =
      "DELETE FROM console_oidc_session WHERE signed_in_ms <= $1 RETURNING player_id";

  /** Whether the provider has asked for a second factor; stored as its place in this list. */
  public enum Factor {
    NONE,

    /** At some time: the provider may remember its own sign-in for long. */
    ASKED,

    /** At this sign-in. */
    ASKED_NOW
  }

  /** A sign-in at the provider. */
  record SignIn(Factor factor, long atMs) {
    boolean hasFactor() {
      return factor != Factor.NONE;
    }
  }

  /**
   * Returns SQL for the role that the player of a row of {@code session} has in that session: as
   * {@link Grants#roleOf}, and empty where the session may not use it. {@code $1} is the time.
   *
   * @param othersOpen whether roles that admins gave count in sessions that began elsewhere
   */
  public static String roleInSession(boolean othersOpen) {
    String role = Grants.roleOf("session.player_id", "$1");
    return othersOpen
        ? "CASE WHEN EXISTS (%s) AND NOT %s THEN '' ELSE %s END"
            .formatted(hasRole("session.player_id"), VALID_SESSION, role)
        : "CASE WHEN %s THEN %s ELSE (SELECT '' FROM player WHERE player.id = session.player_id) END"
            .formatted(VALID_SESSION, role);
  }

  /** Returns a statement that finds the player with that id if their groups give their role. */
  static String hasRole(String id) {
    return HAS_ROLE.formatted(id);
  }

  /**
   * Records the role that the groups of a player give, before the player gets it.
   *
   * @return what was recorded before
   */
  public Optional<String> recordRole(Transaction tx, PlayerId player, RoleTemplate role) {
    Optional<String> earlier =
        tx.read(RECORDED_ROLE, player.value()).first(row -> row.text("role"));
    tx.run(PUT_ROLE, player.value(), role.name());
    return earlier;
  }

  /** Records again what {@link #recordRole} has replaced, for a player who did not get the role. */
  public void restoreRole(Transaction tx, PlayerId player, Optional<String> earlier) {
    earlier.ifPresentOrElse(
        role -> tx.run(PUT_ROLE, player.value(), role), () -> tx.run(REMOVE_ROLE, player.value()));
  }

  /** Records a session that began at the provider. */
  public void recordSession(Transaction tx, PlayerId player, SessionId session, Factor factor) {
    tx.run(PUT_SESSION, session.value(), player.value(), factor.ordinal(), tx.now().toEpochMilli());
  }

  /**
   * Records a session that an admin opens from the console: it counts as their latest sign-in at
   * the provider, if there was one, and not longer.
   */
  public void recordFurtherSession(Transaction tx, PlayerId player, SessionId session) {
    tx.run(PUT_FURTHER_SESSION, session.value(), player.value());
  }

  /** Whether the player has their role by their groups, and not from an admin. */
  public boolean hasRole(Reader reader, PlayerId player) {
    return !reader.read(FIND_ROLE, player.value()).isEmpty();
  }

  /** Forgets what the provider said of a player. */
  public void forget(Transaction tx, PlayerId player) {
    tx.run(REMOVE_ROLE, player.value());
    tx.run(REMOVE_SESSIONS, player.value());
  }

  /** The sign-in at the provider with which a session began; empty if it began elsewhere. */
  Optional<SignIn> find(Reader reader, PlayerId player, SessionId session) {
    return reader
        .read(FIND, session.value(), player.value())
        .first(
            row ->
                new SignIn(
                    Factor.values()[(int) row.number("factor")], row.number("signed_in_ms")));
  }

  int sweep(Transaction tx) {
    return tx.run(SWEEP, tx.now().toEpochMilli() - VALID_FOR.toMillis()).size();
  }
}
