package dev.rookery.console;

/** Codes as an authenticator app shows them. */
public final class TestCodes {
  private TestCodes() {}

  /**
   * @param secret in base 32
   */
  public static String totp(String secret, long nowMs) {
    return Totp.code(Totp.bytes(secret), Totp.step(nowMs));
  }
}
