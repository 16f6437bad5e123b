package dev.rookery.auth;

import dev.rookery.store.Transaction;
import java.time.Duration;
import java.util.Optional;

/** Sign-ins of admins that are on their way, by the digest of their state parameter. */
final class AdminOidcFlowStore {
  /** Sign-ins that one network may have pending at a time. */
  static final int PER_NETWORK_MAX = 100;

  /** How long the admin may take at the provider. */
  static final Duration LIFETIME = Duration.ofMinutes(10);

  private static final String INSERT =
      """
      INSERT INTO console_oidc_flow (digest, verifier, nonce, browser, return_to, fresh, network,
        expires_ms)
      SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS TEXT),
        CAST($5 AS TEXT), CAST($6 AS INTEGER), CAST($7 AS TEXT), CAST($8 AS BIGINT)
      WHERE (SELECT COUNT(*) FROM console_oidc_flow WHERE network = CAST($7 AS TEXT))
        < CAST($9 AS BIGINT)
      RETURNING digest
      """;

  // Of two callbacks with the same state one finds the flow.
  private static final String TAKE =
      """
      DELETE FROM console_oidc_flow WHERE digest = $1 AND browser = $2 AND expires_ms > $3
      RETURNING verifier, nonce, return_to, fresh
      """;

  private static final String SWEEP =
      "DELETE FROM console_oidc_flow WHERE expires_ms <= $1 RETURNING digest";

  /**
   * A sign-in on its way.
   *
   * @param fresh whether the provider must ask for the credentials again
   */
  record Flow(String verifier, String nonce, String returnTo, boolean fresh) {
    @Override
    public String toString() {
      return "Flow";
    }
  }

  /** Inserts a flow; false if the network has too many. */
  boolean insert(Transaction tx, String state, Flow flow, String browser, Client client) {
    return !tx.run(
            INSERT,
            EmailToken.digest(state),
            flow.verifier(),
            flow.nonce(),
            EmailToken.digest(browser),
            flow.returnTo(),
            flow.fresh() ? 1 : 0,
            client.network(),
            tx.now().toEpochMilli() + LIFETIME.toMillis(),
            (long) PER_NETWORK_MAX)
        .isEmpty();
  }

  /** Removes and returns the flow of this state that this browser began. */
  Optional<Flow> take(Transaction tx, String state, String browser) {
    return tx.run(
            TAKE, EmailToken.digest(state), EmailToken.digest(browser), tx.now().toEpochMilli())
        .first(
            row ->
                new Flow(
                    row.text("verifier"),
                    row.text("nonce"),
                    row.text("return_to"),
                    row.flag("fresh")));
  }

  int sweep(Transaction tx) {
    return tx.run(SWEEP, tx.now().toEpochMilli()).size();
  }
}
