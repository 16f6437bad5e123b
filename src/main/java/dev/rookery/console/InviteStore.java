package dev.rookery.console;

import dev.rookery.base.PlayerId;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Invitations to roles as rows. */
final class InviteStore {
  private static final long LISTED_MAX = 200;

  private static final String INSERT =
      """
      INSERT INTO console_invite (id, digest, role, email, player_id, created_ms, expires_ms,
        until_ms)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
      """;

  private static final String SELECT =
      """
      SELECT console_invite.id, console_invite.role, console_invite.email,
        console_invite.player_id, player.display_name, console_invite.created_ms,
        console_invite.expires_ms, console_invite.until_ms
      FROM console_invite JOIN player ON player.id = console_invite.player_id
      WHERE console_invite.expires_ms > $1
      """;

  private static final String LIST =
      SELECT + " ORDER BY console_invite.created_ms, console_invite.id LIMIT $2";

  private static final String FIND =
      SELECT
          + """
           AND console_invite.digest = $2
            AND (console_invite.until_ms IS NULL OR console_invite.until_ms > $1)
            AND (player.banned_ms IS NULL OR player.banned_until_ms <= $1)
          """;

  private static final String COUNT =
      "SELECT count(*) AS invites FROM console_invite WHERE player_id = $1 AND expires_ms > $2";

  private static final String IS_INVITED_TO =
      "SELECT id FROM console_invite WHERE role = $1 AND expires_ms > $2 LIMIT 1";

  private static final String FIND_MAKER =
      "SELECT player_id FROM console_invite WHERE id = $1 AND expires_ms > $2";

  private static final String DELETE = "DELETE FROM console_invite WHERE id = $1 RETURNING id";

  private static final String SWEEP =
      "DELETE FROM console_invite WHERE expires_ms <= $1 RETURNING id";

  void insert(
      Transaction tx,
      String id,
      String digest,
      PlayerId by,
      String role,
      String email,
      @Nullable Long untilMs) {
    long now = tx.now().toEpochMilli();
    tx.run(
        INSERT,
        id,
        digest,
        role,
        email,
        by.value(),
        now,
        now + Invite.VALID_FOR.toMillis(),
        untilMs);
  }

  List<Invite> list(Reader reader, long nowMs) {
    return reader.read(LIST, nowMs, LISTED_MAX).all(InviteStore::invite);
  }

  /**
   * The invitation whose link has this token, unless it was used, its time or that of its role is
   * over, or the admin who invites is banned.
   */
  Optional<Invite> find(Reader reader, String token, long nowMs) {
    return reader.read(FIND, nowMs, ConsoleSessions.digest(token)).first(InviteStore::invite);
  }

  /** The admin who made an open invitation. */
  Optional<PlayerId> findMaker(Transaction tx, String id) {
    return tx.read(FIND_MAKER, id, tx.now().toEpochMilli())
        .first(row -> new PlayerId(row.number("player_id")));
  }

  long count(Transaction tx, PlayerId by) {
    return tx.read(COUNT, by.value(), tx.now().toEpochMilli()).row(0).number("invites");
  }

  /** Whether somebody is invited to the role. */
  boolean isInvitedTo(Transaction tx, String role) {
    return !tx.read(IS_INVITED_TO, role, tx.now().toEpochMilli()).isEmpty();
  }

  /** Ends an invitation; false if it was used or cancelled. */
  boolean delete(Transaction tx, String id) {
    return !tx.run(DELETE, id).isEmpty();
  }

  int sweep(Transaction tx) {
    return tx.run(SWEEP, tx.now().toEpochMilli()).size();
  }

  private static Invite invite(Row row) {
    return new Invite(
        row.text("id"),
        row.text("role"),
        row.text("email"),
        new PlayerId(row.number("player_id")),
        row.text("display_name"),
        row.number("created_ms"),
        row.number("expires_ms"),
        row.numberOrNull("until_ms"));
  }
}
