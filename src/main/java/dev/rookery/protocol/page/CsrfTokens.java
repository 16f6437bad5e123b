package dev.rookery.protocol.page;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Marks forms, so that none is taken that another site made: the mark is computed from the
 * browser's cookie and the session, with a key that only nodes know. A form of before a sign-in is
 * no good after it.
 */
final class CsrfTokens {
  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec key;

  CsrfTokens(String secret) {
    this.key = new SecretKeySpec(("forms " + secret).getBytes(StandardCharsets.UTF_8), ALGORITHM);
  }

  /**
   * @param session empty for one who is not signed in
   */
  String create(String browser, String session) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      byte[] mark = mac.doFinal((browser + "\n" + session).getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(mark);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  boolean isValid(String mark, String browser, String session) {
    return MessageDigest.isEqual(
        create(browser, session).getBytes(StandardCharsets.UTF_8),
        mark.getBytes(StandardCharsets.UTF_8));
  }
}
