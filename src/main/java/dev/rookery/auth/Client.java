package dev.rookery.auth;

import dev.rookery.base.ClientNetwork;
import org.jspecify.annotations.Nullable;

/**
 * The client of a sign-in, as shown to the player in the list of their sessions.
 *
 * @param address the network address
 * @param userAgent what the client calls itself; null if it sent nothing
 * @param language the tag of the language that emails to it are written in, unless the player has
 *     chosen one; empty for the default language
 */
public record Client(String address, @Nullable String userAgent, String language) {
  public Client(String address, @Nullable String userAgent) {
    this(address, userAgent, "");
  }

  /** The network that rate limits count together; for IPv6 a prefix, not the single address. */
  String network() {
    return ClientNetwork.of(address);
  }
}
