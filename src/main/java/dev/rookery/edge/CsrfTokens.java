package dev.rookery.edge;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Creates and verifies CSRF tokens. A token is an HMAC of the browser cookie and the session, keyed
 * with a secret of the nodes, so another site cannot create one. A token from before a sign-in is
 * invalid after it.
 */
public final class CsrfTokens {
  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec key;

  /**
   * @param purpose which forms they protect; tokens of one purpose are invalid for another
   * @param secret the same on all nodes
   */
  public CsrfTokens(String purpose, String secret) {
    this.key =
        new SecretKeySpec((purpose + " " + secret).getBytes(StandardCharsets.UTF_8), ALGORITHM);
  }

  /**
   * Creates the token for forms of this browser and session.
   *
   * @param session the session id; empty if not signed in
   */
  public String create(String browser, String session) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      byte[] token = mac.doFinal((browser + "\n" + session).getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Returns whether the token was created for this browser and session; takes constant time. */
  public boolean isValid(String token, String browser, String session) {
    return MessageDigest.isEqual(
        create(browser, session).getBytes(StandardCharsets.UTF_8),
        token.getBytes(StandardCharsets.UTF_8));
  }
}
