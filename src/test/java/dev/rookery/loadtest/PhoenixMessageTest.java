package dev.rookery.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PhoenixMessageTest {
  private final PhoenixMessage pushed = new PhoenixMessage();

  @Test
  void aReplyIsReadWhereItLies() {
    assertThat(read("..[\"1\",\"23\",\"user:5\",\"phx_reply\",{\"status\":\"ok\",\"n\":12}]..", 2))
        .isTrue();
    assertThat(pushed.joinRef()).isEqualTo("1");
    assertThat(pushed.ref()).isEqualTo("23");
    assertThat(pushed.topic()).isEqualTo("user:5");
    assertThat(pushed.isEvent(PhoenixMessage.quoted("phx_reply"))).isTrue();
    assertThat(pushed.isEvent(PhoenixMessage.quoted("phx_close"))).isFalse();
    assertThat(pushed.isTopic(PhoenixMessage.quoted("user:5"))).isTrue();
    assertThat(pushed.status()).isEqualTo("ok");
    assertThat(pushed.number(PhoenixMessage.key("n"))).isEqualTo(12);
    assertThat(pushed.number(PhoenixMessage.key("m"))).isEqualTo(-1);
  }

  @Test
  void aTopicMayHoldQuotes() {
    assertThat(read("[null,null,\"a\\\"b,c\",\"e\",{\"n\":1}]", 0)).isTrue();
    assertThat(pushed.isEvent(PhoenixMessage.quoted("e"))).isTrue();
    assertThat(pushed.payload().getInteger("n")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "[", "{}", "[]", "[1,2", "[null,null,\"a\"]", "[null,null,\"a\\", "x]"})
  void whatIsNoMessageIsToldSo(String text) {
    assertThat(read(text, 0)).isFalse();
  }

  private boolean read(String text, int around) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return pushed.read(bytes, around, bytes.length - around);
  }
}
