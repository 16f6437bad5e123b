package dev.rookery.base;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The network that rate limits count as one client. For IPv4 this is the address, also where it is
 * mapped into IPv6 ({@code ::ffff:10.1.1.1}); for IPv6 it is the /64 prefix, because a single host
 * can choose among 2⁶⁴ addresses.
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
      int zone = address.indexOf('%');
      // A mapped address is parsed as the IPv4 address that it stands for.
      InetAddress parsed = InetAddress.ofLiteral(zone < 0 ? address : address.substring(0, zone));
      byte[] bytes = parsed.getAddress();
      return bytes.length == IPV6_BYTES
          ? HexFormat.of().formatHex(Arrays.copyOf(bytes, IPV6_PREFIX_BYTES))
          : parsed.getHostAddress();
    } catch (IllegalArgumentException _) {
      return address;
    }
  }
}
