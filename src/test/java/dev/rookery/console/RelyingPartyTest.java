package dev.rookery.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The server as passkeys know it. */
final class RelyingPartyTest {
  @ParameterizedTest
  @CsvSource({
    "https://play.example.com, play.example.com, https://play.example.com",
    "https://Play.Example.com:443, play.example.com, https://play.example.com",
    "https://play.example.com:8443, play.example.com, https://play.example.com:8443",
    "http://localhost:80, localhost, http://localhost",
    "http://localhost:4000, localhost, http://localhost:4000"
  })
  void hasTheOriginThatBrowsersWrite(String publicUrl, String id, String origin) {
    assertThat(RelyingParty.of(publicUrl)).contains(new RelyingParty(id, origin));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://play.example.com", "https://10.0.0.7", "https://[::1]:8443"})
  void isNoneWhereBrowsersHaveNoPasskeys(String publicUrl) {
    assertThat(RelyingParty.of(publicUrl)).isEmpty();
  }
}
