package dev.rookery.base;

import java.util.HexFormat;

/**
 * Identity of one sign-in: when it was, and 128 random bits. Not a secret by itself.
 *
 * <p>The time comes first so that an index of many sessions grows at its end, and not everywhere.
 */
public record SessionId(String value) {
  private static final int TIME_DIGITS = 12;

  /**
   * @param random at least 128 bits
   */
  public static SessionId of(long millis, String random) {
    return new SessionId(HexFormat.of().toHexDigits(millis, TIME_DIGITS) + random);
  }

  @Override
  public String toString() {
    return value;
  }
}
