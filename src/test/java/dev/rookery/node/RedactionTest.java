package dev.rookery.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RedactionTest {
  private static final String CODE = "CJEqOOx8MhLJRN-B8mpJE26efYSTTmtwYNklq8LWXEo";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mail to ann.b+c@example.co.uk failed | mail to [email] failed",
        "Key (email)=(ann@example.com) exists | Key (email)=([email]) exists",
        "Authorization: Bearer abc.def-ghi | Authorization: [removed] [removed]",
        "with Bearer abc.def-ghi | with Bearer [removed]",
        "token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOjF9.c2ln bad | token [token] bad",
        "GET /users/confirm/" + CODE + " | GET /users/confirm/[token]",
        "https://host/path?code=abc&state=1 failed | https://host/path?[removed] failed",
        "GET /auth/discord/callback?code=abc | GET /auth/discord/callback?[removed]",
        "postgres://user:pass@db/rookery | postgres://[removed]@db/rookery",
        "{\"password\": \"correct horse\", \"a\": 1} | {\"password\": [removed], \"a\": 1}",
        "client_secret=s3cret&x=1 | client_secret=[removed]&x=1",
        "refreshToken: abc, next | refreshToken: [removed], next",
      })
  void removesWhatIsSecretOrPersonal(String text, String redacted) {
    assertThat(Redaction.redact(text)).isEqualTo(redacted);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "500 GET /api/v1/lobbies/17 [mHH48wUfmqTY00000000]",
        "Join failed",
        "connection refused: /10.0.0.1:5432",
        "what now? nothing = fine",
        "java.lang.IllegalStateException: no lobby 5",
        "AVeryLongNameOfAClassWithoutAnyDigitInItAtAll failed"
      })
  void keepsWhatHelps(String text) {
    assertThat(Redaction.redact(text)).isEqualTo(text);
  }

  @Test
  void isBoundedInLengthAndTime() {
    Assertions.assertTimeout(
        Duration.ofSeconds(5),
        () -> {
          assertThat(Redaction.redact("x".repeat(1 << 20))).hasSizeLessThan(10_000);
          for (String nasty :
              new String[] {"a", "a.", "_", "?=", "a@", "token", "://", "eyJ", "1-"}) {
            Redaction.redact(nasty.repeat(8_192));
          }
        });
  }
}
