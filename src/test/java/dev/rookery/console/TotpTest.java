package dev.rookery.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** One-time passwords against the vectors of RFC 6238. */
final class TotpTest {
  private static final byte[] SECRET = "12345678901234567890".getBytes(StandardCharsets.US_ASCII);

  @Test
  void followsTheVectorsOfTheStandard() {
    assertThat(codeAt(59)).isEqualTo("287082");
    assertThat(codeAt(1_111_111_109)).isEqualTo("081804");
    assertThat(codeAt(1_111_111_111)).isEqualTo("050471");
    assertThat(codeAt(1_234_567_890)).isEqualTo("005924");
    assertThat(codeAt(2_000_000_000)).isEqualTo("279037");
    assertThat(codeAt(20_000_000_000L)).isEqualTo("353130");
  }

  private static String codeAt(long seconds) {
    return Totp.code(SECRET, Totp.step(seconds * 1_000));
  }

  @Test
  void acceptsCodesOfTheStepBeforeAndAfter() {
    long now = 1_234_567_890_000L;
    long step = Totp.step(now);
    for (long near : List.of(step - 1, step, step + 1)) {
      assertThat(Totp.findStep(SECRET, Totp.code(SECRET, near), now))
          .isEqualTo(OptionalLong.of(near));
    }
    assertThat(Totp.findStep(SECRET, Totp.code(SECRET, step - 2), now)).isEmpty();
    assertThat(Totp.findStep(SECRET, Totp.code(SECRET, step + 2), now)).isEmpty();
    assertThat(Totp.findStep(SECRET, "", now)).isEmpty();
    assertThat(Totp.findStep(SECRET, "005 924", now)).isPresent();
  }

  @Test
  void writesSecretsInBase32() {
    assertThat(Totp.base32(SECRET)).isEqualTo("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    assertThat(Totp.bytes("gezd gnbv gy3t qojq gezd gnbv gy3t qojq")).isEqualTo(SECRET);
    byte[] odd = {1, -2, 3, -4, 5, 6, 7};
    assertThat(Totp.bytes(Totp.base32(odd))).isEqualTo(odd);
  }

  @Test
  void encryptsSecretsAndReadsThoseOfAnEarlierKey() {
    var earlier = new FactorCipher("an earlier secret", List.of());
    String encrypted = earlier.encrypt("GEZDGNBV");
    assertThat(encrypted).doesNotContain("GEZDGNBV");
    assertThat(earlier.encrypt("GEZDGNBV")).isNotEqualTo(encrypted);
    var rotated = new FactorCipher("the secret", List.of("another", "an earlier secret"));
    assertThat(rotated.decrypt(encrypted)).isEqualTo("GEZDGNBV");
    assertThat(rotated.decrypt(rotated.encrypt("A"))).isEqualTo("A");
  }
}
