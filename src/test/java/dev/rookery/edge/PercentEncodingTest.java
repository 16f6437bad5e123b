package dev.rookery.edge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PercentEncodingTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "a=b&c", "q=%41%c3%a9", "%F0%9F%98%80", "a+b", "x=%00"})
  void acceptsEscapedUtf8(String encoded) {
    assertThat(PercentEncoding.isValid(encoded)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%",
        "%f",
        "a%4",
        "%zz",
        "%+1",
        "%-1",
        "%u0041",
        "%ff",
        "%c3",
        "%c0%80",
        "%ed%a0%80",
        "%c3&%a9",
        "%f4%90%80%80",
        "\u00e9",
        "a b",
        "\u0001"
      })
  void rejectsWhatCannotBeDecoded(String encoded) {
    assertThat(PercentEncoding.isValid(encoded)).isFalse();
  }
}
