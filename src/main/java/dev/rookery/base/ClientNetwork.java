package dev.rookery.base;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The network that rate limits count as one client. For IPv4 this is the address; for IPv6 it is
 * the /64 prefix, because a single host can choose among 2⁶⁴ addresses.
 */
public final class ClientNetwork {
  private static final int IPV6_BYTES = 16;
  private static final int IPV6_PREFIX_BYTES = 8;

  private ClientNetwork() {}

  /** Returns the network of an IP address in text form. Any other text is returned unchanged. */
  public static String of(String address) {
    if (address.indexOf(':') < 0) {
      return address;
    }
    try {
      byte[] bytes = InetAddress.ofLiteral(address).getAddress();
      return bytes.length == IPV6_BYTES
          ? HexFormat.of().formatHex(Arrays.copyOf(bytes, IPV6_PREFIX_BYTES))
          : address;
    } catch (IllegalArgumentException _) {
      return address;
    }
  }
}
