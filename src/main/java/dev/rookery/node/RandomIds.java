package dev.rookery.node;

import dev.rookery.base.Ids;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Creates unguessable ids and tokens. A system call for a few bytes costs more than anything else
 * here, so random bytes are fetched by the page; used ones are wiped.
 */
final class RandomIds implements Ids {
  private static final int PAGE = 4_096;
  private static final int UUID_BYTES = 16;
  private static final HexFormat HEX = HexFormat.of();
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private final SecureRandom source = new SecureRandom();
  private final byte[] page = new byte[PAGE];
  private int next = PAGE;

  @Override
  public String uuid() {
    byte[] bytes = take(UUID_BYTES);
    bytes[6] = (byte) ((bytes[6] & 0x0f) | 0x40);
    bytes[8] = (byte) ((bytes[8] & 0x3f) | 0x80);
    String hex = HEX.formatHex(bytes);
    return String.join(
        "-",
        hex.substring(0, 8),
        hex.substring(8, 12),
        hex.substring(12, 16),
        hex.substring(16, 20),
        hex.substring(20));
  }

  @Override
  public String token(int bytes) {
    return BASE64.encodeToString(take(bytes));
  }

  private byte[] take(int count) {
    if (count > PAGE) {
      throw new IllegalArgumentException(count + " bytes of randomness");
    }
    synchronized (page) {
      if (next + count > PAGE) {
        source.nextBytes(page);
        next = 0;
      }
      byte[] taken = Arrays.copyOfRange(page, next, next + count);
      Arrays.fill(page, next, next + count, (byte) 0);
      next += count;
      return taken;
    }
  }
}
