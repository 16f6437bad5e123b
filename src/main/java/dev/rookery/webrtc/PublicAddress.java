package dev.rookery.webrtc;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Replaces the address of a node behind a one-to-one translation of addresses, as clouds and
 * containers have, in its candidates.
 */
final class PublicAddress {
  /**
   * The place of the address in {@code candidate:<id> <part> <protocol> <priority> <address> …}.
   */
  private static final int ADDRESS = 4;

  private static final int TYPE = 7;

  private PublicAddress() {}

  /** The candidate with the public address, if it is one of a network interface with IPv4. */
  static String replace(String candidate, @Nullable String publicAddress) {
    if (publicAddress == null) {
      return candidate;
    }
    String[] parts = candidate.split(" ", -1);
    if (parts.length <= TYPE
        || !parts[TYPE].toLowerCase(Locale.ROOT).equals("host")
        || parts[ADDRESS].contains(":")) {
      return candidate;
    }
    parts[ADDRESS] = publicAddress;
    return String.join(" ", parts);
  }
}
