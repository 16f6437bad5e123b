package dev.rookery.console;

import dev.rookery.base.Ids;
import java.util.Base64;
import java.util.Locale;

/**
 * The code by which the person who runs the machine becomes the first owner: 128 random bits, in
 * groups of four characters.
 */
public final class SetupCode {
  private static final int BYTES = 16;
  private static final int GROUP = 4;

  private SetupCode() {}

  /** Creates a code. */
  public static String create(Ids ids) {
    String text = Totp.base32(Base64.getUrlDecoder().decode(ids.token(BYTES)));
    var code = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      code.append(i > 0 && i % GROUP == 0 ? "-" : "").append(text.charAt(i));
    }
    return code.toString();
  }

  /** What is stored of a code; the same however it is written. */
  static String digest(String code) {
    String plain =
        code.toUpperCase(Locale.ROOT)
            .replaceAll("[^A-Z0-9]", "")
            .replace('0', 'O')
            .replace('1', 'I');
    return ConsoleSessions.digest("setup " + plain);
  }
}
