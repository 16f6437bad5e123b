package dev.rookery.auth;

import dev.rookery.auth.EmailToken.Kind;
import dev.rookery.base.PlayerId;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Mailed tokens as rows. */
final class EmailTokenStore {
  private static final String DELETE_OLDER =
      "DELETE FROM mail_token WHERE email = $1 AND kind = $2";

  private static final String INSERT =
      """
      INSERT INTO mail_token (digest, kind, email, player_id, payload, created_ms, expires_ms)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      """;

  // Two who come with the same token: the row lets one of them through.
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
   * Keeps a token in place of those of its kind that were sent to the address before. Registrations
   * stay beside each other: each letter opens what it was written for.
   */
  void insert(Transaction tx, String token, EmailToken sent) {
    String kind = sent.kind().storedName();
    long now = clock.millis();
    if (sent.kind() != Kind.REGISTER) {
      tx.run(DELETE_OLDER, sent.email(), kind);
    }
    tx.run(
        INSERT,
        EmailToken.digest(token),
        kind,
        sent.email(),
        sent.player() == null ? null : sent.player().value(),
        sent.payload(),
        now,
        now + sent.kind().lifetime().toMillis());
  }

  /** What the token was sent for, if it is one of these kinds; it opens nothing from now on. */
  Optional<EmailToken> redeem(Transaction tx, String token, Kind... kinds) {
    String wanted =
        String.join(
            ", ", List.of(kinds).stream().map(kind -> "'" + kind.storedName() + "'").toList());
    return tx.run(REDEEM.formatted(wanted), EmailToken.digest(token), clock.millis())
        .first(EmailTokenStore::token);
  }

  /** All that was sent to a player, or to an address that was to become his. */
  void forget(Transaction tx, PlayerId player) {
    tx.run(DELETE_OF_PLAYER, player.value());
  }

  /** Forgets expired ones, and says how many. */
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
