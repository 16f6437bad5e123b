package dev.rookery.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class StreamOrderCheckTest {
  private final LoadMetrics metrics = new LoadMetrics();
  private final StreamOrderCheck order = new StreamOrderCheck(metrics);

  @Test
  void acceptsEventsInOrder() {
    assertThat(order.receive(7, 3)).isTrue();
    assertThat(order.receive(7, 4)).isTrue();
    assertThat(order.receive(8, 1)).isTrue();
    assertThat(metrics.isClean()).isTrue();
    assertThat(order.resumePosition().encode()).isEqualTo("{\"epoch\":\"8\",\"offset\":1}");
  }

  @Test
  void countsMissingEventsAsGap() {
    order.receive(7, 3);
    assertThat(order.receive(7, 6)).isFalse();
    assertThat(metrics.gaps()).isEqualTo(2);
    assertThat(metrics.isClean()).isFalse();
  }

  @Test
  void countsLateStartOfEpochAsGap() {
    order.receive(7, 3);
    order.receive(8, 3);
    assertThat(metrics.gaps()).isEqualTo(2);
  }

  @Test
  void countsRepeatedEvents() {
    order.receive(7, 3);
    assertThat(order.receive(7, 3)).isFalse();
    assertThat(order.receive(7, 2)).isFalse();
    assertThat(order.receive(6, 9)).isFalse();
    assertThat(metrics.repeats()).isEqualTo(3);
    assertThat(metrics.isClean()).isFalse();
    assertThat(order.offset()).isEqualTo(3);
  }

  @Test
  void ignoresGapsInPartialStream() {
    var partial = new StreamOrderCheck(metrics, false);
    assertThat(partial.receive(7, 3)).isTrue();
    assertThat(partial.receive(7, 9)).isTrue();
    assertThat(metrics.isClean()).isTrue();
    partial.receive(7, 9);
    assertThat(metrics.repeats()).isEqualTo(1);
  }

  @Test
  void readsPositionFromEndOfMessage() {
    receive(
        """
        ["1",null,"lobby:5","new_chat_message",{"content":"\\"offset\\":99","_position":{"epoch":"17","offset":4}}]\
        """);
    assertThat(order.resumePosition().encode()).isEqualTo("{\"epoch\":\"17\",\"offset\":4}");
    receive(
        """
        ["1",null,"lobby:5","new_chat_message",{"_position":{"epoch":"17","offset":6}}]\
        """);
    assertThat(metrics.gaps()).isEqualTo(1);
  }

  @Test
  void expectsFirstEventAfterEmptyPosition() {
    receive(
        """
        ["1",null,"user:5","updated",{"_position":{"epoch":"-1763740000000","offset":0}}]\
        """);
    assertThat(order.resumePosition().encode())
        .isEqualTo("{\"epoch\":\"-1763740000000\",\"offset\":0}");
    assertThat(order.receive(1_763_740_000_001L, 1)).isTrue();
    order.receive(1_763_740_000_001L, 3);
    assertThat(metrics.gaps()).isEqualTo(1);
  }

  @Test
  void ignoresMessageWithoutPosition() {
    receive(
        """
        ["1",null,"user:5","notification",{"offset":4}]\
        """);
    assertThat(order.isKnown()).isFalse();
  }

  private void receive(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    var message = new PhoenixMessage();
    assertThat(message.read(bytes, 0, bytes.length)).isTrue();
    order.receive(message);
  }
}
