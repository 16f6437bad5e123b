package dev.rookery.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PhoenixMessageTest {
  private final PhoenixMessage message = new PhoenixMessage();

  @Test
  void readsReplyInPlace() {
    assertThat(read("..[\"1\",\"23\",\"user:5\",\"phx_reply\",{\"status\":\"ok\",\"n\":12}]..", 2))
        .isTrue();
    assertThat(message.joinRef()).isEqualTo("1");
    assertThat(message.ref()).isEqualTo("23");
    assertThat(message.topic()).isEqualTo("user:5");
    assertThat(message.isEvent(PhoenixMessage.quoted("phx_reply"))).isTrue();
    assertThat(message.isEvent(PhoenixMessage.quoted("phx_close"))).isFalse();
    assertThat(message.isTopic(PhoenixMessage.quoted("user:5"))).isTrue();
    assertThat(message.status()).isEqualTo("ok");
    assertThat(message.number(PhoenixMessage.key("n"))).isEqualTo(12);
    assertThat(message.number(PhoenixMessage.key("m"))).isEqualTo(-1);
  }

  @Test
  void readsTopicWithQuotes() {
    assertThat(read("[null,null,\"a\\\"b,c\",\"e\",{\"n\":1}]", 0)).isTrue();
    assertThat(message.isEvent(PhoenixMessage.quoted("e"))).isTrue();
    assertThat(message.payload().getInteger("n")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "[", "{}", "[]", "[1,2", "[null,null,\"a\"]", "[null,null,\"a\\", "x]"})
  void rejectsOtherBytes(String text) {
    assertThat(read(text, 0)).isFalse();
  }

  private boolean read(String text, int margin) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return message.read(bytes, margin, bytes.length - margin);
  }
}
