package dev.rookery.auth;

import dev.rookery.player.Provider;

/** What a provider's word was good for. */
public sealed interface ProviderOutcome {
  record SignedIn(TokenPair signedIn) implements ProviderOutcome {}

  record Linked(Provider provider) implements ProviderOutcome {}
}
