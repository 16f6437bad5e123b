package dev.rookery.base;

import java.net.InetAddress;
import java.util.Arrays;

/**
 * A range of IP addresses in CIDR notation, such as {@code 10.0.0.0/8}, or a single address such as
 * {@code ::1}.
 */
public final class CidrBlock {
  // The prefix of IPv4 addresses that are mapped into IPv6.
  private static final int MAPPED_BITS = 96;
  private static final int IPV4_BYTES = 4;
  private static final int IPV6_BYTES = 16;
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
    byte[] address = address(host, text);
    // An IPv4 address that is mapped into IPv6 is parsed as the former.
    int mapped = address.length == IPV4_BYTES && host.indexOf(':') >= 0 ? MAPPED_BITS : 0;
    int bitsMax = address.length * Byte.SIZE + mapped;
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
    return bits >= mapped
        ? new CidrBlock(address, bits - mapped)
        : new CidrBlock(mapped(address), bits);
  }

  private static byte[] address(String host, String text) {
    int zone = host.indexOf('%');
    String number = zone < 0 ? host : host.substring(0, zone);
    long dots = number.chars().filter(c -> c == '.').count();
    try {
      if (number.indexOf(':') < 0 && dots != IPV4_BYTES - 1) {
        throw new IllegalArgumentException("not four numbers");
      }
      return InetAddress.ofLiteral(number).getAddress();
    } catch (IllegalArgumentException none) {
      throw new IllegalArgumentException(shown(text) + " is not an IP address or CIDR range", none);
    }
  }

  /** The address as an IPv6 address. */
  private static byte[] mapped(byte[] address) {
    byte[] whole = new byte[IPV6_BYTES];
    Arrays.fill(whole, IPV6_BYTES - IPV4_BYTES - 2, IPV6_BYTES - IPV4_BYTES, (byte) -1);
    System.arraycopy(address, 0, whole, IPV6_BYTES - IPV4_BYTES, IPV4_BYTES);
    return whole;
  }

  /** The text in quotes, unless it may be another service's URL, which may have a password. */
  private static String shown(String text) {
    boolean url = text.length() > SHOWN_MAX || text.contains("@") || text.contains("//");
    return url ? "its value" : "\"" + text + "\"";
  }

  /** Whether it contains an address in text form; false for any other text. */
  public boolean contains(String candidate) {
    try {
      return contains(address(candidate, candidate));
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /**
   * Whether it contains an address.
   *
   * @param candidate 4 bytes, also of an IPv4 address that was mapped into IPv6, or 16
   */
  public boolean contains(byte[] candidate) {
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
