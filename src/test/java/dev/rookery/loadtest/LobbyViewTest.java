package dev.rookery.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What a client of the load test makes of what it hears of a lobby. */
final class LobbyViewTest {
  private final LoadMetrics figures = new LoadMetrics();
  private final LobbyView view = new LobbyView(5, figures);

  @Test
  void aMessageThatComesAsTwoEventsIsARepeat() {
    hear(1, 70);
    hear(2, 71);
    assertThat(figures.clean()).isTrue();
    hear(3, 70);
    assertThat(figures.repeats()).isEqualTo(1);
    assertThat(figures.gaps()).isZero();
  }

  @Test
  void whoStartsAfreshMayBeToldItAgain() {
    hear(1, 70);
    view.forget();
    hear(9, 70);
    assertThat(figures.clean()).isTrue();
  }

  private void hear(long offset, long message) {
    byte[] bytes =
        """
        ["1",null,"lobby:5","new_chat_message",{"id":%d,"content":"hi","_position":{"epoch":"17","offset":%d}}]\
        """
            .formatted(message, offset)
            .getBytes(StandardCharsets.UTF_8);
    var pushed = new PhoenixMessage();
    assertThat(pushed.read(bytes, 0, bytes.length)).isTrue();
    view.hear(pushed);
  }
}
