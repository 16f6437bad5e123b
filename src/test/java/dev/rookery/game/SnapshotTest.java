package dev.rookery.game;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SnapshotTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"controlMeta\":{\"deadline\":null}}|",
        "{\"controlMeta\":{\"deadline\":17}}|17",
        "{\"controlMeta\":{\"deadline\" : 16.5}}|17",
        "{\"controlMeta\":{\"deadline\" : null}}|",
        "{\"controlMeta\":{\"deadline\":null},\"selectors\":{\"deadline\":5}}|",
        "{\"selectors\":{\"deadline\":null},\"controlMeta\":{\"deadline\":5}}|5",
        "{\"controlMeta\":{\"label\":\"deadline\",\"deadline\":5}}|5",
        "{\"controlMeta\":null}|",
        "{}|"
      })
  void readsTheDeadline(String derived, @Nullable Long deadline) {
    assertThat(new Snapshot(derived, "{}", "null", "{}", Map.of()).deadline()).isEqualTo(deadline);
  }
}
