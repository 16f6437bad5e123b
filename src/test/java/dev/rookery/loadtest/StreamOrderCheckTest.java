package dev.rookery.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class StreamOrderCheckTest {
  private final LoadMetrics figures = new LoadMetrics();
  private final StreamOrderCheck trail = new StreamOrderCheck(figures);

  @Test
  void whatComesInOrderIsNeitherAGapNorARepeat() {
    assertThat(trail.hear(7, 3)).isTrue();
    assertThat(trail.hear(7, 4)).isTrue();
    assertThat(trail.hear(8, 1)).isTrue();
    assertThat(figures.clean()).isTrue();
    assertThat(trail.resume().encode()).isEqualTo("{\"epoch\":\"8\",\"offset\":1}");
  }

  @Test
  void whatIsLeftOutIsCountedAsAGap() {
    trail.hear(7, 3);
    assertThat(trail.hear(7, 6)).isFalse();
    assertThat(figures.gaps()).isEqualTo(2);
    assertThat(figures.clean()).isFalse();
  }

  @Test
  void aNewEpochThatDoesNotBeginAtItsBeginningIsAGap() {
    trail.hear(7, 3);
    trail.hear(8, 3);
    assertThat(figures.gaps()).isEqualTo(2);
  }

  @Test
  void whatComesAgainIsCountedAsARepeat() {
    trail.hear(7, 3);
    assertThat(trail.hear(7, 3)).isFalse();
    assertThat(trail.hear(7, 2)).isFalse();
    assertThat(trail.hear(6, 9)).isFalse();
    assertThat(figures.repeats()).isEqualTo(3);
    assertThat(figures.clean()).isFalse();
    assertThat(trail.offset()).isEqualTo(3);
  }

  @Test
  void whereSomeEventsAreNotShownOnlyARepeatIsWrong() {
    var some = new StreamOrderCheck(figures, false);
    assertThat(some.hear(7, 3)).isTrue();
    assertThat(some.hear(7, 9)).isTrue();
    assertThat(figures.clean()).isTrue();
    some.hear(7, 9);
    assertThat(figures.repeats()).isEqualTo(1);
  }

  @Test
  void thePositionIsReadFromTheEndOfAPush() {
    hear(
        """
        ["1",null,"lobby:5","new_chat_message",{"content":"\\"offset\\":99","_position":{"epoch":"17","offset":4}}]\
        """);
    assertThat(trail.resume().encode()).isEqualTo("{\"epoch\":\"17\",\"offset\":4}");
    hear(
        """
        ["1",null,"lobby:5","new_chat_message",{"_position":{"epoch":"17","offset":6}}]\
        """);
    assertThat(figures.gaps()).isEqualTo(1);
  }

  @Test
  void fromBeforeTheFirstEventTheFirstIsTheNext() {
    hear(
        """
        ["1",null,"user:5","updated",{"_position":{"epoch":"-1763740000000","offset":0}}]\
        """);
    assertThat(trail.resume().encode()).isEqualTo("{\"epoch\":\"-1763740000000\",\"offset\":0}");
    assertThat(trail.hear(1_763_740_000_001L, 1)).isTrue();
    trail.hear(1_763_740_000_001L, 3);
    assertThat(figures.gaps()).isEqualTo(1);
  }

  @Test
  void aPushWithoutAPositionChangesNothing() {
    hear(
        """
        ["1",null,"user:5","notification",{"offset":4}]\
        """);
    assertThat(trail.isKnown()).isFalse();
  }

  private void hear(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    var pushed = new PhoenixMessage();
    assertThat(pushed.read(bytes, 0, bytes.length)).isTrue();
    trail.hear(pushed);
  }
}
