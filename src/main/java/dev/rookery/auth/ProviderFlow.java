package dev.rookery.auth;

import dev.rookery.base.PlayerId;
import dev.rookery.player.Provider;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A sign-in on its way to a provider and back, without its state.
 *
 * @param player whose account is to be linked, or who came in by it; null for nobody yet
 * @param returnTo where a page goes on; null for an app
 * @param outcome JSON
 */
record ProviderFlow(
    Provider provider,
    String verifier,
    String nonce,
    @Nullable PlayerId player,
    @Nullable String returnTo,
    Status status,
    String outcome) {
  /** How long somebody may take at the provider. */
  static final Duration LIFETIME = Duration.ofMinutes(10);

  /** How long what came of it can be fetched. */
  static final Duration RESULT_LIFETIME = Duration.ofMinutes(5);

  static final int SECRET_BYTES = 32;

  enum Status {
    PENDING,
    /** The browser is back, the provider is being asked. */
    UNDERWAY,
    /** The provider vouches; the page has yet to make something of it. */
    RETURNED,
    COMPLETED,
    ERROR
  }

  @Override
  public String toString() {
    return "ProviderFlow[" + provider + ", " + status + "]";
  }
}
