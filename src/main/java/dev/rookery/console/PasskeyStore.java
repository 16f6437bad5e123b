package dev.rookery.console;

import dev.rookery.base.PlayerId;
import dev.rookery.store.Reader;
import dev.rookery.store.Transaction;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Passkeys, and the challenges that they sign, as rows. */
final class PasskeyStore {
  /** Passkeys that a player may have. */
  static final int PER_PLAYER_MAX = 20;

  /** Challenges that one network may have pending at a time. */
  static final int PER_NETWORK_MAX = 200;

  static final Duration CHALLENGE_VALID_FOR = Duration.ofMinutes(5);

  private static final String INSERT =
      """
      INSERT INTO console_passkey (id, player_id, name, credential, counter, backup_eligible,
        created_ms, used_ms)
      VALUES ($1, $2, $3, $4, $5, $6, $7, 0)
      ON CONFLICT (id) DO NOTHING RETURNING id
      """;

  private static final String LIST =
      """
      SELECT id, name, created_ms, used_ms, counter, backup_eligible FROM console_passkey
      WHERE player_id = $1 ORDER BY created_ms, id LIMIT $2
      """;

  private static final String FIND =
      """
      SELECT player_id, credential, counter, backup_eligible FROM console_passkey WHERE id = $1
      """;

  // Of two uses of one counter, as two copies of a device make them, one is refused.
  private static final String USED =
      """
      UPDATE console_passkey SET counter = $1, used_ms = $2 WHERE id = $3 AND counter = $4
      RETURNING id
      """;

  private static final String COUNT =
      "SELECT count(*) AS passkeys FROM console_passkey WHERE player_id = $1";

  private static final String REMOVE =
      "DELETE FROM console_passkey WHERE id = $1 AND player_id = $2 RETURNING id";

  private static final String REMOVE_ALL = "DELETE FROM console_passkey WHERE player_id = $1";

  private static final String PUT_CHALLENGE =
      """
      INSERT INTO console_challenge (digest, browser, purpose, player_id, network, expires_ms)
      SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS BIGINT),
        CAST($5 AS TEXT), CAST($6 AS BIGINT)
      WHERE (SELECT COUNT(*) FROM console_challenge WHERE network = CAST($5 AS TEXT))
        < CAST($7 AS BIGINT)
      RETURNING digest
      """;

  private static final String TAKE_CHALLENGE =
      """
      DELETE FROM console_challenge
      WHERE digest = $1 AND browser = $2 AND purpose = $3 AND expires_ms > $4
        AND COALESCE(player_id, 0) = $5
      RETURNING digest
      """;

  private static final String SWEEP =
      "DELETE FROM console_challenge WHERE expires_ms <= $1 RETURNING digest";

  /** What a challenge is signed for. */
  enum Purpose {
    REGISTER,
    USE;

    String text() {
      return this == REGISTER ? "register" : "use";
    }
  }

  /** A challenge of a browser, for one player or, if that is null, for anybody. */
  record Challenge(String value, String browser, Purpose purpose, @Nullable PlayerId player) {
    @Override
    public String toString() {
      return "Challenge[" + purpose + "]";
    }

    private String digest() {
      return ConsoleSessions.digest("challenge " + value);
    }

    private String browserDigest() {
      return ConsoleSessions.digest("browser " + browser);
    }
  }

  /** A stored credential and whose it is. */
  record Stored(PlayerId player, PasskeyCredential credential) {}

  /** Inserts a passkey; false if the credential is stored already. */
  boolean insert(Transaction tx, PlayerId player, String name, PasskeyCredential credential) {
    return !tx.run(
            INSERT,
            credential.id(),
            player.value(),
            name,
            credential.data(),
            credential.counter(),
            credential.backupEligible() ? 1 : 0,
            tx.now().toEpochMilli())
        .isEmpty();
  }

  List<Passkey> list(Reader reader, PlayerId player) {
    return reader
        .read(LIST, player.value(), (long) PER_PLAYER_MAX)
        .all(
            row ->
                new Passkey(
                    row.text("id"),
                    row.text("name"),
                    row.number("created_ms"),
                    row.number("used_ms"),
                    row.number("counter"),
                    row.flag("backup_eligible")));
  }

  Optional<Stored> find(Reader reader, String id) {
    return reader
        .read(FIND, id)
        .first(
            row ->
                new Stored(
                    new PlayerId(row.number("player_id")),
                    new PasskeyCredential(
                        id,
                        row.text("credential"),
                        row.number("counter"),
                        row.flag("backup_eligible"))));
  }

  /** Stores the counter after a use; false if another use came first. */
  boolean used(Transaction tx, PasskeyCredential credential, long counter) {
    return !tx.run(USED, counter, tx.now().toEpochMilli(), credential.id(), credential.counter())
        .isEmpty();
  }

  int count(Reader reader, PlayerId player) {
    return (int) reader.read(COUNT, player.value()).row(0).number("passkeys");
  }

  /** Removes a passkey; false if the player has none with that id. */
  boolean remove(Transaction tx, PlayerId player, String id) {
    return !tx.run(REMOVE, id, player.value()).isEmpty();
  }

  void removeAll(Transaction tx, PlayerId player) {
    tx.run(REMOVE_ALL, player.value());
  }

  /** Stores a challenge; false if the network has too many. */
  boolean put(Transaction tx, Challenge challenge, String network) {
    PlayerId player = challenge.player();
    return !tx.run(
            PUT_CHALLENGE,
            challenge.digest(),
            challenge.browserDigest(),
            challenge.purpose().text(),
            player == null ? null : player.value(),
            network,
            tx.now().toEpochMilli() + CHALLENGE_VALID_FOR.toMillis(),
            (long) PER_NETWORK_MAX)
        .isEmpty();
  }

  /** Uses a challenge up; false if it was not given, or used before. */
  boolean take(Transaction tx, Challenge challenge) {
    PlayerId player = challenge.player();
    return !tx.run(
            TAKE_CHALLENGE,
            challenge.digest(),
            challenge.browserDigest(),
            challenge.purpose().text(),
            tx.now().toEpochMilli(),
            player == null ? 0L : player.value())
        .isEmpty();
  }

  int sweep(Transaction tx) {
    return tx.run(SWEEP, tx.now().toEpochMilli()).size();
  }
}
