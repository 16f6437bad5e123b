package dev.rookery.auth;

import dev.rookery.base.PlayerId;
import dev.rookery.player.Provider;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A flow over a provider: a sign-in or a link that waits for the callback or has its result. The
 * state parameter is not part of it; the row holds the digest of it.
 *
 * @param player to be linked, or signed in by the flow; null before the sign-in
 * @param returnTo path of the page that finishes the flow; null for an app
 * @param outcome JSON: a session id, a profile, or the code of a refusal
 */
record ProviderFlow(
    Provider provider,
    String verifier,
    String nonce,
    @Nullable PlayerId player,
    @Nullable String returnTo,
    Status status,
    String outcome) {
  /** How long the player may take at the provider. */
  static final Duration LIFETIME = Duration.ofMinutes(10);

  /** How long the result can be fetched. */
  static final Duration RESULT_LIFETIME = Duration.ofMinutes(5);

  static final int SECRET_BYTES = 32;

  enum Status {
    PENDING,
    /** The callback arrived; the provider is being asked. */
    UNDERWAY,
    /** The profile is verified; the page has not finished the flow yet. */
    RETURNED,
    COMPLETED,
    ERROR
  }

  @Override
  public String toString() {
    return "ProviderFlow[" + provider + ", " + status + "]";
  }
}
