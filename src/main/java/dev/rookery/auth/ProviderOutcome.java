package dev.rookery.auth;

import dev.rookery.player.Provider;

/** What a verified profile led to. */
public sealed interface ProviderOutcome {
  record SignedIn(TokenPair tokens) implements ProviderOutcome {}

  record Linked(Provider provider) implements ProviderOutcome {}
}
