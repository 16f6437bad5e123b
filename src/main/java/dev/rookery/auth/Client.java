package dev.rookery.auth;

import dev.rookery.base.ClientNetwork;
import org.jspecify.annotations.Nullable;

/** Who is at the other end of a sign-in, as shown to the player among his sessions. */
public record Client(String address, @Nullable String userAgent) {
  /** What limits count as one. */
  String network() {
    return ClientNetwork.of(address);
  }
}
