package dev.rookery.auth;

import dev.rookery.auth.ProviderFlow.Status;
import dev.rookery.base.PlayerId;
import dev.rookery.player.Provider;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Stores flows, by the digest of their state parameter. */
final class ProviderFlowStore {
  /** Flows that one network may have at a time. */
  static final int PER_NETWORK_MAX = 1_000;

  private static final String COLUMNS =
      " provider, verifier, nonce, player_id, return_to, status, outcome ";

  private static final String INSERT =
      """
      INSERT INTO provider_flow (digest, provider, verifier, nonce, player_id, return_to, browser,
        network, status, outcome, created_ms, expires_ms)
      SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS TEXT),
        CAST($5 AS BIGINT), CAST($6 AS TEXT), CAST($7 AS TEXT), CAST($8 AS TEXT), 'pending', '{}',
        CAST($9 AS BIGINT), CAST($10 AS BIGINT)
      WHERE (SELECT COUNT(*) FROM provider_flow WHERE network = CAST($8 AS TEXT))
        < CAST($11 AS BIGINT)
      RETURNING digest
      """;

  // Of two callbacks with the same state one finds the flow pending.
  private static final String CLAIM =
      """
      UPDATE provider_flow SET status = 'underway'
      WHERE digest = $1 AND provider = $2 AND status = 'pending' AND expires_ms > $3
      RETURNING
      """
          + COLUMNS;

  private static final String FINISH =
      """
      UPDATE provider_flow SET status = $1, outcome = $2, expires_ms = $3,
        player_id = COALESCE(player_id, CAST($4 AS BIGINT))
      WHERE digest = $5 AND status = 'underway' AND expires_ms > $6
      RETURNING digest
      """;

  private static final String FIND =
      "SELECT" + COLUMNS + "FROM provider_flow WHERE digest = $1 AND expires_ms > $2";

  private static final String TAKE =
      """
      DELETE FROM provider_flow
      WHERE digest = $1 AND browser = $2 AND status IN ('returned', 'error') AND expires_ms > $3
      RETURNING
      """
          + COLUMNS;

  // A callback that was to link a deleted player must fail, and not sign in a new one instead.
  private static final String FORGET_PENDING =
      """
      UPDATE provider_flow SET player_id = 0
      WHERE player_id = $1 AND status IN ('pending', 'underway')
      """;

  private static final String FORGET = "DELETE FROM provider_flow WHERE player_id = $1";

  private static final String SWEEP =
      """
      DELETE FROM provider_flow
      WHERE digest IN (
        SELECT digest FROM provider_flow WHERE expires_ms < $1 ORDER BY expires_ms LIMIT $2)
      RETURNING digest
      """;

  private final InstantSource clock;

  ProviderFlowStore(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Inserts a pending flow; false if the network has too many.
   *
   * @param browser secret of the browser; null for an app
   */
  boolean insert(
      Transaction tx, String state, ProviderFlow flow, @Nullable String browser, Client client) {
    long now = clock.millis();
    PlayerId player = flow.player();
    return !tx.run(
            INSERT,
            EmailToken.digest(state),
            flow.provider().name(),
            flow.verifier(),
            flow.nonce(),
            player == null ? null : player.value(),
            flow.returnTo(),
            browser == null ? null : EmailToken.digest(browser),
            client.network(),
            now,
            now + ProviderFlow.LIFETIME.toMillis(),
            (long) PER_NETWORK_MAX)
        .isEmpty();
  }

  /** Finds the pending flow of this state and marks it as under way, once. */
  Optional<ProviderFlow> claim(Transaction tx, Provider provider, String state) {
    return tx.run(CLAIM, EmailToken.digest(state), provider.name(), clock.millis())
        .first(ProviderFlowStore::flow);
  }

  /**
   * Stores the result; false if the flow has expired.
   *
   * @param player signed in by the flow; null if none was
   */
  boolean finish(
      Transaction tx, String state, Status status, String outcome, @Nullable PlayerId player) {
    long now = clock.millis();
    long until = now + ProviderFlow.RESULT_LIFETIME.toMillis();
    Long by = player == null ? null : player.value();
    return !tx.run(FINISH, stored(status), outcome, until, by, EmailToken.digest(state), now)
        .isEmpty();
  }

  Optional<ProviderFlow> find(Reader reader, String state) {
    return reader
        .read(FIND, EmailToken.digest(state), clock.millis())
        .first(ProviderFlowStore::flow);
  }

  /** Deletes and returns the flow that this browser started, if it has a result. */
  Optional<ProviderFlow> take(Transaction tx, String state, String browser) {
    return tx.run(TAKE, EmailToken.digest(state), EmailToken.digest(browser), clock.millis())
        .first(ProviderFlowStore::flow);
  }

  /** Removes a deleted player from pending flows, and deletes their finished ones. */
  void forget(Transaction tx, PlayerId player) {
    tx.run(FORGET_PENDING, player.value());
    tx.run(FORGET, player.value());
  }

  /** Deletes at most {@code max} expired flows and returns how many. */
  int sweep(Transaction tx, int max) {
    return tx.run(SWEEP, clock.millis(), (long) max).size();
  }

  private static String stored(Status status) {
    return status.name().toLowerCase(Locale.ROOT);
  }

  private static ProviderFlow flow(Row row) {
    Long player = row.numberOrNull("player_id");
    return new ProviderFlow(
        Provider.valueOf(row.text("provider")),
        row.text("verifier"),
        row.text("nonce"),
        player == null ? null : new PlayerId(player),
        row.textOrNull("return_to"),
        Status.valueOf(row.text("status").toUpperCase(Locale.ROOT)),
        row.text("outcome"));
  }
}
