package dev.rookery.edge;

import io.netty.util.NetUtil;

/**
 * A range of IP addresses in CIDR notation, such as {@code 10.0.0.0/8}, or a single address such as
 * {@code ::1}.
 */
public final class CidrBlock {
  // The prefix of IPv4 addresses that are mapped into IPv6.
  private static final int MAPPED_BITS = 96;
  private static final int SHOWN_MAX = 64;

  private final byte[] address;
  private final int bits;

  private CidrBlock(byte[] address, int bits) {
    this.address = address;
    this.bits = bits;
  }

  /**
   * Parses a range or a single address. Throws {@link IllegalArgumentException} with a message for
   * the administrator.
   */
  public static CidrBlock parse(String text) {
    int slash = text.indexOf('/');
    String host = slash < 0 ? text : text.substring(0, slash);
    int zone = host.indexOf('%');
    byte[] address =
        NetUtil.createByteArrayFromIpAddressString(zone < 0 ? host : host.substring(0, zone));
    if (address == null) {
      throw new IllegalArgumentException(shown(text) + " is not an IP address or CIDR range");
    }
    int bitsMax = address.length * Byte.SIZE;
    int bits = bitsMax;
    if (slash >= 0) {
      try {
        bits = Integer.parseInt(text.substring(slash + 1));
      } catch (NumberFormatException e) {
        bits = -1;
      }
      if (bits < 0 || bits > bitsMax) {
        throw new IllegalArgumentException(
            shown(text) + " needs a prefix length from 0 to " + bitsMax + " after the slash");
      }
    }
    return IpAddress.isMapped(address) && bits >= MAPPED_BITS
        ? new CidrBlock(IpAddress.withoutMapping(address), bits - MAPPED_BITS)
        : new CidrBlock(address, bits);
  }

  /** The text in quotes, unless it may be another service's URL, which may have a password. */
  private static String shown(String text) {
    boolean url = text.length() > SHOWN_MAX || text.contains("@") || text.contains("//");
    return url ? "its value" : "\"" + text + "\"";
  }

  boolean contains(byte[] candidate) {
    if (candidate.length != address.length) {
      return false;
    }
    int wholeBytes = bits / Byte.SIZE;
    for (int i = 0; i < wholeBytes; i++) {
      if (candidate[i] != address[i]) {
        return false;
      }
    }
    int remainingBits = bits % Byte.SIZE;
    if (remainingBits == 0) {
      return true;
    }
    int mask = 0xff << (Byte.SIZE - remainingBits);
    return (candidate[wholeBytes] & mask) == (address[wholeBytes] & mask);
  }
}
