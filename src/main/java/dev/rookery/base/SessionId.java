package dev.rookery.base;

import java.util.HexFormat;

/**
 * Identifier of a session: the time of the sign-in and 128 random bits. It is not a secret by
 * itself.
 *
 * <p>The time comes first so that new rows go to the end of the index on sessions.
 */
public record SessionId(String value) {
  private static final int TIME_DIGITS = 12;

  /**
   * @param millis the time of the sign-in
   * @param random at least 128 random bits, as text
   */
  public static SessionId of(long millis, String random) {
    return new SessionId(HexFormat.of().toHexDigits(millis, TIME_DIGITS) + random);
  }

  @Override
  public String toString() {
    return value;
  }
}
