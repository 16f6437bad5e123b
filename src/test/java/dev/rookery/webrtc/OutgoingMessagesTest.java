package dev.rookery.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class OutgoingMessagesTest {
  private static String next(OutgoingMessages messages) {
    DataMessage next = messages.poll();
    return next == null ? "" : new String(next.bytes(), StandardCharsets.UTF_8);
  }

  @Test
  void dropsTheOldestMessagesOfAChannelThatMayLoseSome() {
    var messages = new OutgoingMessages(10, true);
    assertThat(messages.add(DataMessage.text("aaaa"))).isZero();
    assertThat(messages.add(DataMessage.text("bbbb"))).isZero();
    assertThat(messages.add(DataMessage.text("cccc"))).isEqualTo(1);
    assertThat(messages.add(DataMessage.text("dddddddddd"))).isEqualTo(2);
    // One message is always sent, however long.
    assertThat(messages.add(DataMessage.text("e".repeat(20)))).isEqualTo(1);
    assertThat(next(messages)).isEqualTo("e".repeat(20));
    assertThat(messages.isEmpty()).isTrue();
  }

  @Test
  void refusesMessagesOfAReliableChannelWhenItsQueueIsFull() {
    var messages = new OutgoingMessages(10, false);
    assertThat(messages.add(DataMessage.text("aaaa"))).isZero();
    assertThat(messages.add(DataMessage.text("bbbbbb"))).isZero();
    assertThat(messages.add(DataMessage.text("c"))).isNegative();
    assertThat(next(messages)).isEqualTo("aaaa");
    assertThat(messages.add(DataMessage.text("c"))).isZero();
    assertThat(next(messages)).isEqualTo("bbbbbb");
    assertThat(next(messages)).isEqualTo("c");
    assertThat(next(messages)).isEmpty();
  }

  @Test
  void boundsTheNumberOfShortMessages() {
    var messages = new OutgoingMessages(1 << 20, true);
    int dropped = 0;
    for (int i = 0; i < 5_000; i++) {
      dropped += messages.add(DataMessage.text("x"));
    }
    assertThat(dropped).isEqualTo(904);
  }
}
