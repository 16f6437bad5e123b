package dev.rookery.base;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * What limits count as one client. One who has IPv6 has 2⁶⁴ addresses to choose from, so there it
 * is the network and not the address.
 */
public final class ClientNetwork {
  private static final int IPV6_BYTES = 16;
  private static final int NETWORK_BYTES = 8;

  private ClientNetwork() {}

  /** Of an IP address as text; any other text stands for itself. */
  public static String of(String address) {
    if (address.indexOf(':') < 0) {
      return address;
    }
    try {
      byte[] bytes = InetAddress.ofLiteral(address).getAddress();
      return bytes.length == IPV6_BYTES
          ? HexFormat.of().formatHex(Arrays.copyOf(bytes, NETWORK_BYTES))
          : address;
    } catch (IllegalArgumentException _) {
      return address;
    }
  }
}
