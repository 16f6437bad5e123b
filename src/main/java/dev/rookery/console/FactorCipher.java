package dev.rookery.console;

import dev.rookery.base.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts the secrets of second factors with a key of the server, so that a copy of the database
 * is not enough to make codes.
 */
public final class FactorCipher {
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final List<SecretKeySpec> keys;

  /**
   * @param secret of the server; encrypts
   * @param previous further secrets, which decrypt alone
   */
  public FactorCipher(String secret, List<String> previous) {
    this.keys = Stream.concat(Stream.of(secret), previous.stream()).map(FactorCipher::key).toList();
  }

  private static SecretKeySpec key(String secret) {
    return new SecretKeySpec(Sha256.hash("console factor " + secret), "AES");
  }

  String encrypt(String text) {
    try {
      // The provider chooses a nonce at random.
      var cipher = Cipher.getInstance(CIPHER);
      cipher.init(Cipher.ENCRYPT_MODE, keys.getFirst());
      byte[] encrypted = cipher.doFinal(text.getBytes(StandardCharsets.UTF_8));
      return base64(cipher.getIV()) + "." + base64(encrypted);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * @throws IllegalStateException if it was encrypted with a secret that this server does not know
   */
  String decrypt(String text) {
    int dot = text.indexOf('.');
    byte[] nonce = Base64.getUrlDecoder().decode(text.substring(0, dot));
    byte[] encrypted = Base64.getUrlDecoder().decode(text.substring(dot + 1));
    if (nonce.length != NONCE_BYTES) {
      throw new IllegalStateException("no secret of a second factor");
    }
    for (SecretKeySpec key : keys) {
      try {
        var cipher = Cipher.getInstance(CIPHER);
        cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, nonce));
        return new String(cipher.doFinal(encrypted), StandardCharsets.UTF_8);
      } catch (GeneralSecurityException _) {
        // It was encrypted with another key.
      }
    }
    throw new IllegalStateException(
        "a second factor was set up under a secret that is not configured any more: add it to"
            + " auth.previousSecrets");
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
