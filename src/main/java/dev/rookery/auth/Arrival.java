package dev.rookery.auth;

import dev.rookery.player.Provider;

/** What a provider's word was good for. */
public sealed interface Arrival {
  record In(TokenPair signedIn) implements Arrival {}

  record Linked(Provider provider) implements Arrival {}
}
