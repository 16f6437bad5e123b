package dev.rookery.auth;

import dev.rookery.auth.EmailToken.Kind;
import dev.rookery.base.PlayerId;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Stores emailed tokens as digests, one row per token. */
final class EmailTokenStore {
  private static final String DELETE_OLDER =
      "DELETE FROM mail_token WHERE email = $1 AND kind = $2";

  private static final String INSERT =
      """
      INSERT INTO mail_token (digest, kind, email, player_id, payload, created_ms, expires_ms)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      """;

  // Of two concurrent redemptions, only one deletes the row.
  private static final String REDEEM =
      """
      DELETE FROM mail_token WHERE digest = $1 AND expires_ms > $2 AND kind IN (%s)
      RETURNING kind, email, player_id, payload
      """;

  private static final String DELETE_OF_PLAYER = "DELETE FROM mail_token WHERE player_id = $1";

  private static final String DELETE_EXPIRED =
      """
      DELETE FROM mail_token
      WHERE digest IN (
        SELECT digest FROM mail_token WHERE expires_ms < $1 ORDER BY expires_ms LIMIT $2)
      RETURNING digest
      """;

  private final InstantSource clock;

  EmailTokenStore(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Stores a token and deletes older ones of its kind for the address. Registrations are kept side
   * by side, because each carries its own payload.
   */
  void insert(Transaction tx, String token, EmailToken stored) {
    String kind = stored.kind().storedName();
    long now = clock.millis();
    if (stored.kind() != Kind.REGISTER) {
      tx.run(DELETE_OLDER, stored.email(), kind);
    }
    tx.run(
        INSERT,
        EmailToken.digest(token),
        kind,
        stored.email(),
        stored.player() == null ? null : stored.player().value(),
        stored.payload(),
        now,
        now + stored.kind().lifetime().toMillis());
  }

  /**
   * Deletes the token and returns what it is for; empty if it is expired, unknown or of another
   * kind.
   */
  Optional<EmailToken> redeem(Transaction tx, String token, Kind... kinds) {
    String kindList =
        String.join(
            ", ", List.of(kinds).stream().map(kind -> "'" + kind.storedName() + "'").toList());
    return tx.run(REDEEM.formatted(kindList), EmailToken.digest(token), clock.millis())
        .first(EmailTokenStore::token);
  }

  /** Deletes all tokens of a player. */
  void forget(Transaction tx, PlayerId player) {
    tx.run(DELETE_OF_PLAYER, player.value());
  }

  /** Deletes expired tokens and returns how many. */
  int sweep(Transaction tx, int max) {
    return tx.run(DELETE_EXPIRED, clock.millis(), (long) max).size();
  }

  private static EmailToken token(Row row) {
    Long player = row.numberOrNull("player_id");
    return new EmailToken(
        Kind.valueOf(row.text("kind").toUpperCase(Locale.ROOT)),
        row.text("email"),
        player == null ? null : new PlayerId(player),
        row.text("payload"));
  }
}
