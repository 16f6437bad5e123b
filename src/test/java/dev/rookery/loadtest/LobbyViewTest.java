package dev.rookery.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The view that a client of the load test has of a lobby. */
final class LobbyViewTest {
  private final LoadMetrics metrics = new LoadMetrics();
  private final LobbyView view = new LobbyView(5, metrics);

  @Test
  void countsMessageInTwoEventsAsRepeat() {
    receive(1, 70);
    receive(2, 71);
    assertThat(metrics.isClean()).isTrue();
    receive(3, 70);
    assertThat(metrics.repeats()).isEqualTo(1);
    assertThat(metrics.gaps()).isZero();
  }

  @Test
  void acceptsMessageAgainAfterClear() {
    receive(1, 70);
    view.clear();
    receive(9, 70);
    assertThat(metrics.isClean()).isTrue();
  }

  private void receive(long offset, long id) {
    byte[] bytes =
        """
        ["1",null,"lobby:5","new_chat_message",{"id":%d,"content":"hi","_position":{"epoch":"17","offset":%d}}]\
        """
            .formatted(id, offset)
            .getBytes(StandardCharsets.UTF_8);
    var message = new PhoenixMessage();
    assertThat(message.read(bytes, 0, bytes.length)).isTrue();
    view.receive(message);
  }
}
