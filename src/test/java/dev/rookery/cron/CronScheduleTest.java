package dev.rookery.cron;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CronScheduleTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 0 * * *      | 2026-11-28T00:00:00Z | 2026-11-29T00:00:00Z",
        "0 0 * * *      | 2026-11-27T23:59:59Z | 2026-11-28T00:00:00Z",
        "0 0 * * 1      | 2026-11-28T10:00:00Z | 2026-11-30T00:00:00Z",
        "0 0 * * 0      | 2026-11-28T10:00:00Z | 2026-11-29T00:00:00Z",
        "0 0 * * 7      | 2026-11-28T10:00:00Z | 2026-11-29T00:00:00Z",
        "0 0 1 * *      | 2026-12-01T00:00:00Z | 2027-01-01T00:00:00Z",
        "*/15 9-17 * * 1-5 | 2026-11-27T17:45:00Z | 2026-11-30T09:00:00Z",
        "5,35 * * * *   | 2026-11-28T10:05:00Z | 2026-11-28T10:35:00Z",
        "0 12 13 * 5    | 2026-11-28T10:00:00Z | 2026-12-04T12:00:00Z",
        "0 0 29 2 *     | 2026-11-28T10:00:00Z | 2028-02-29T00:00:00Z",
        "30 4 31 1-12/2 * | 2026-11-28T10:00:00Z | 2027-01-31T04:30:00Z"
      })
  void findsTheNextTime(String expression, String after, String expected) {
    var schedule = CronSchedule.parse(expression).orElseThrow();
    assertThat(schedule.next(Instant.parse(after).toEpochMilli()).map(Instant::ofEpochMilli))
        .contains(Instant.parse(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "* * * *",
        "* * * * * *",
        "60 * * * *",
        "0 24 * * *",
        "0 0 0 * *",
        "0 0 * 13 *",
        "0 0 * * 8",
        "5-1 * * * *",
        "*/0 * * * *",
        "a * * * *",
        "1-2-3 * * * *",
        "1/2/3 * * * *",
        "0 0 30 2 *",
        "@daily",
        "0 0 * * MON"
      })
  void refusesWhatIsNoSchedule(String expression) {
    assertThat(CronSchedule.parse(expression)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-01T00:00:00Z, 2026-11-28T10:00:00Z, 2026-11-23T00:00:00Z",
    "2020-01-01T00:00:00Z, 2026-11-28T10:00:00Z, 2026-11-23T00:00:00Z",
    "2026-11-23T00:00:00Z, 2026-11-30T00:00:00Z, 2026-11-30T00:00:00Z",
  })
  void findsTheLastTime(String since, String upTo, String expected) {
    var mondays = CronSchedule.parse("0 0 * * 1").orElseThrow();
    assertThat(
            mondays
                .last(Instant.parse(since).toEpochMilli(), Instant.parse(upTo).toEpochMilli())
                .map(Instant::ofEpochMilli))
        .contains(Instant.parse(expected));
  }
}
