package dev.rookery.provider;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AppleKeyTest {
  @Test
  void acceptsKeyWithAndWithoutPemLines() throws GeneralSecurityException {
    byte[] key = KeyPairGenerator.getInstance("EC").generateKeyPair().getPrivate().getEncoded();
    String bare = Base64.getEncoder().encodeToString(key);
    String file =
        "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key)
            + "\n-----END PRIVATE KEY-----\n";
    for (String given : new String[] {bare, file, file.replace("\n", "\\n")}) {
      assertThatCode(() -> new Apple.SigningKey("team", "key", given).check())
          .doesNotThrowAnyException();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"no key", "bm8ga2V5", "-----BEGIN PRIVATE KEY-----"})
  void rejectsInvalidKeyWithoutPrintingIt(String given) {
    assertThatThrownBy(() -> new Apple.SigningKey("team", "key", given).check())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("is not a private key (PKCS#8, elliptic curve) as Apple issues it");
  }
}
