package dev.rookery.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ScriptFramesTest {
  private static final ScriptResult RESULT =
      new ScriptResult.Array(
          List.of(
              ScriptResult.Null.NULL,
              new ScriptResult.Int(-7),
              new ScriptResult.Status(bytes("OK")),
              new ScriptResult.Failed(bytes("ERR x")),
              new ScriptResult.Bulk(new byte[] {0, -1, 10}),
              new ScriptResult.Array(List.of())));

  @Test
  void readsWhatWasWritten() {
    var frame =
        new ScriptFrames.Writer()
            .kind(3)
            .text("größe")
            .number(Long.MIN_VALUE)
            .list(List.of(bytes("a"), bytes("")))
            .result(RESULT);

    var reader = new ScriptFrames.Reader(frame.buffer());

    assertThat(reader.kind()).isEqualTo(3);
    assertThat(reader.text()).isEqualTo("größe");
    assertThat(reader.number()).isEqualTo(Long.MIN_VALUE);
    assertThat(reader.list()).containsExactly(bytes("a"), bytes(""));
    assertThat(ScriptTable.text(reader.result())).isEqualTo(ScriptTable.text(RESULT));
    assertThat(reader.hasMore()).isFalse();
  }

  @Test
  void refusesFramesThatAreCutOffOrDamaged() {
    byte[] frame = new ScriptFrames.Writer().result(RESULT).buffer().getBytes();
    for (int length = 0; length < frame.length; length++) {
      var reader = new ScriptFrames.Reader(Buffer.buffer(frame).slice(0, length));
      assertThatThrownBy(reader::result).isInstanceOf(IllegalArgumentException.class);
    }
    var random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      byte[] damaged = frame.clone();
      damaged[random.nextInt(frame.length)] = (byte) random.nextInt();
      try {
        assertThat(new ScriptFrames.Reader(Buffer.buffer(damaged)).result()).isNotNull();
      } catch (IllegalArgumentException refused) {
        assertThat(refused).hasMessageNotContaining("null");
      }
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
