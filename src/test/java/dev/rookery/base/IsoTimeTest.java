package dev.rookery.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class IsoTimeTest {
  @ParameterizedTest
  @CsvSource({
    "2031-05-06T07:08:09Z, 2031-05-06T07:08:09Z",
    "2024-02-29T23:59:59.5+14:00, 2024-02-29T09:59:59.500Z",
    "0000-01-01T00:00:00Z, 0000-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z, 9999-12-31T23:59:59Z"
  })
  void readsATimeWithAnOffset(String text, String time) {
    assertThat(IsoTime.parse(text)).hasToString(time);
    assertThat(IsoTime.parseUtc(text)).hasToString(time);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2031-05-06",
        "2031-05-06T07:08:09",
        "2023-02-29T00:00:00Z",
        "0000-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "+10000-01-01T00:00:00Z",
        "+999999999-12-31T23:59:59-18:00",
        "-999999999-01-01T00:00:00+18:00"
      })
  void rejectsOtherTextsAndYearsWithoutFourDigits(String text) {
    assertThat(IsoTime.parse(text)).isNull();
    assertThat(IsoTime.parseUtc(text)).isNull();
  }

  @ParameterizedTest
  @CsvSource({"2031-05-06T07:08, 2031-05-06T07:08:00Z", "2024-02-29T00:00, 2024-02-29T00:00:00Z"})
  void readsATimeInUtcUpToTheMinute(String text, String time) {
    assertThat(IsoTime.parseUtc(text)).hasToString(time);
    assertThat(IsoTime.parse(text)).isNull();
  }
}
