package dev.rookery.edge;

import dev.rookery.base.CidrBlock;
import io.netty.util.NetUtil;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An IP address in one canonical form: an IPv4 address that is mapped into IPv6 ({@code
 * ::ffff:10.1.1.1}) is that IPv4 address, a zone ({@code fe80::1%eth0}) is dropped, and an IPv6
 * address is written as RFC 5952 has it. So one client has one text in limits, logs and lists.
 */
final class IpAddress {
  private static final int TEXT_MAX = 45;
  private static final int IPV6_BYTES = 16;
  private static final int MAPPED_BYTES = 12;
  private static final int PORT_DIGITS_MAX = 5;
  private static final int OBFUSCATED_PORT_MAX = 32;

  private final byte[] bytes;
  private final String text;

  private IpAddress(byte[] bytes, String text) {
    this.bytes = bytes;
    this.text = text;
  }

  /** Parses an address, with or without a zone; null if it is none. */
  static @Nullable IpAddress parse(String address) {
    if (NetUtil.isValidIpV4Address(address)) {
      return new IpAddress(NetUtil.createByteArrayFromIpAddressString(address), address);
    }
    int zone = address.indexOf('%');
    String number = zone < 0 ? address : address.substring(0, zone);
    if (number.indexOf(':') < 0
        || number.startsWith("[")
        || number.length() > TEXT_MAX
        || zone == address.length() - 1
        || !NetUtil.isValidIpV6Address(number)) {
      return null;
    }
    byte[] bytes = withoutMapping(NetUtil.createByteArrayFromIpAddressString(number));
    return new IpAddress(bytes, NetUtil.bytesToIpAddress(bytes));
  }

  /**
   * Parses an entry of a forwarding header: an address that may be in brackets and may be followed
   * by a port; null if it is none, such as {@code unknown} or {@code _hidden}.
   */
  static @Nullable IpAddress parseEntry(String entry) {
    if (entry.startsWith("[")) {
      int end = entry.indexOf(']');
      return end > 0 && isPortOrEmpty(entry.substring(end + 1))
          ? parseIpV6(entry.substring(1, end))
          : null;
    }
    int colon = entry.indexOf(':');
    return colon > 0 && colon == entry.lastIndexOf(':')
        ? isPortOrEmpty(entry.substring(colon)) ? parse(entry.substring(0, colon)) : null
        : parse(entry);
  }

  /** Only IPv6 addresses are written in brackets. */
  private static @Nullable IpAddress parseIpV6(String address) {
    return address.indexOf(':') < 0 ? null : parse(address);
  }

  /** A port has digits; RFC 7239 also has hidden ones, such as {@code :_a7}. */
  private static boolean isPortOrEmpty(String text) {
    if (text.isEmpty()) {
      return true;
    }
    boolean hidden = text.startsWith(":_");
    int length = text.length() - (hidden ? 2 : 1);
    return text.startsWith(":")
        && length > 0
        && length <= (hidden ? OBFUSCATED_PORT_MAX : PORT_DIGITS_MAX)
        && text.chars()
            .skip(hidden ? 2 : 1)
            .allMatch(c -> c >= '0' && c <= '9' || (hidden && isHiddenCharacter(c)));
  }

  private static boolean isHiddenCharacter(int c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '.' || c == '_' || c == '-';
  }

  /** The four bytes of an IPv4 address that is mapped into IPv6; any other address as it is. */
  static byte[] withoutMapping(byte[] address) {
    return isMapped(address) ? Arrays.copyOfRange(address, MAPPED_BYTES, IPV6_BYTES) : address;
  }

  static boolean isMapped(byte[] address) {
    if (address.length != IPV6_BYTES || address[10] != -1 || address[11] != -1) {
      return false;
    }
    for (int i = 0; i < MAPPED_BYTES - 2; i++) {
      if (address[i] != 0) {
        return false;
      }
    }
    return true;
  }

  boolean isIn(Iterable<CidrBlock> blocks) {
    for (CidrBlock block : blocks) {
      if (block.contains(bytes)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String toString() {
    return text;
  }
}
