package dev.rookery.edge;

import io.netty.util.NetUtil;

/** A range of addresses: {@code 10.0.0.0/8}, {@code ::1}. */
public final class CidrBlock {
  private final byte[] address;
  private final int bits;

  private CidrBlock(byte[] address, int bits) {
    this.address = address;
    this.bits = bits;
  }

  /** Throws {@link IllegalArgumentException} with a sentence that says what is wrong. */
  public static CidrBlock parse(String text) {
    int slash = text.indexOf('/');
    String host = slash < 0 ? text : text.substring(0, slash);
    byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
    if (address == null) {
      throw new IllegalArgumentException("\"" + text + "\" is no address or range of addresses");
    }
    int all = address.length * Byte.SIZE;
    int bits = all;
    if (slash >= 0) {
      try {
        bits = Integer.parseInt(text.substring(slash + 1));
      } catch (NumberFormatException e) {
        bits = -1;
      }
      if (bits < 0 || bits > all) {
        throw new IllegalArgumentException(
            "\"" + text + "\" needs a number of bits from 0 to " + all + " after the slash");
      }
    }
    return new CidrBlock(address, bits);
  }

  boolean contains(byte[] candidate) {
    if (candidate.length != address.length) {
      return false;
    }
    int whole = bits / Byte.SIZE;
    for (int i = 0; i < whole; i++) {
      if (candidate[i] != address[i]) {
        return false;
      }
    }
    int rest = bits % Byte.SIZE;
    if (rest == 0) {
      return true;
    }
    int mask = 0xff << (Byte.SIZE - rest);
    return (candidate[whole] & mask) == (address[whole] & mask);
  }
}
