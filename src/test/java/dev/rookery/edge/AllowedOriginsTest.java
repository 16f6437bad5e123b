package dev.rookery.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AllowedOriginsTest {
  private static final List<String> ENTRIES =
      List.of(
          "https://game.example", "bare.example", "//slashes.example", "regex:^https://.*\\.dev$");

  @ParameterizedTest
  @CsvSource({
    "https://game.example, true, true",
    "http://game.example, false, false",
    "https://game.example:8443, false, false",
    "https://bare.example, false, true",
    "https://BARE.example:4000, false, true",
    "http://slashes.example, false, true",
    "https://a.dev, true, true",
    "https://a.dev.evil.example, false, false",
    "null, false, false",
    "not a uri, false, false",
  })
  void allowsListedOrigins(String origin, boolean overHttp, boolean forSockets) {
    var origins = new AllowedOrigins(ENTRIES, "localhost", true);
    assertThat(origins.allowsHttp(origin)).isEqualTo(overHttp);
    assertThat(origins.allowsSocket(origin)).isEqualTo(forSockets);
  }

  @Test
  void withoutEntriesAllowsAnyHttpOriginAndSocketsOfTheOwnHostInProduction() {
    var production = new AllowedOrigins(List.of(), "game.example", false);
    assertThat(production.allowsHttp("https://other.example")).isTrue();
    assertThat(production.allowsSocket("https://other.example")).isFalse();
    assertThat(production.allowsSocket("https://game.example")).isTrue();

    var development = new AllowedOrigins(List.of(), "localhost", true);
    assertThat(development.allowsSocket("https://other.example")).isTrue();
  }

  @Test
  void refusesAnInvalidRegularExpression() {
    assertThatThrownBy(() -> new AllowedOrigins(List.of("regex:("), "", true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not a valid regular expression");
  }
}
