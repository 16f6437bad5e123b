package dev.rookery.protocol.kamon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.relay.Seat;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RegistrationTest {
  private static Seat parse(String frame) {
    return Registration.parse(frame.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void zeroIsTheFirstPlayerAndAnyOtherDigitTheSecond() {
    assertThat(parse("* kamon_0")).isEqualTo(new Seat("kamon", 0));
    assertThat(parse("* kamon_1")).isEqualTo(new Seat("kamon", 1));
    assertThat(parse("* kamon_9")).isEqualTo(new Seat("kamon", 1));
  }

  @Test
  void ignoresTextAfterTheDigit() {
    assertThat(parse("* kamon_1 and more _2 parse it")).isEqualTo(new Seat("kamon", 1));
    assertThat(parse("* kamon_10" + "x".repeat(100_000))).isEqualTo(new Seat("kamon", 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "* a_0",
        "* -_0",
        "* Room-42_1",
        "* zimmer-für-zwei_0",
        "* 部屋_1",
        "* कमरा_1",
        "* 𝔯𝔬𝔬𝔪_0"
      })
  void acceptsLettersDigitsAndHyphensOfAnyAlphabet(String frame) {
    assertThat(parse(frame)).isNotNull();
  }

  @Test
  void acceptsRoomNamesOfUpTo64Characters() {
    assertThat(parse("* " + "𝔯".repeat(64) + "_0")).isEqualTo(new Seat("𝔯".repeat(64), 0));
    assertThat(parse("* " + "r".repeat(65) + "_0")).isNull();
    assertThat(parse("* " + "𝔯".repeat(65) + "_0")).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "* ",
        "* room",
        "* room_",
        "* room_x",
        "* room_٣",
        "* _0",
        "*room_0",
        " * room_0",
        "*  room_0",
        "* my room_0",
        "* my_room_0",
        "* room!_0",
        "* ../etc_0",
        "* room\u0000_0",
        "* room\n_0",
        "* 🎲_0",
        "{\"type\":\"ping\"}"
      })
  void rejectsAllOtherFrames(String frame) {
    assertThat(parse(frame)).isNull();
  }

  @Property
  void parsesArbitraryBytesWithoutFailing(@ForAll byte[] bytes) {
    byte[] frame = new byte[bytes.length + 2];
    frame[0] = '*';
    frame[1] = ' ';
    System.arraycopy(bytes, 0, frame, 2, bytes.length);
    Seat seat = Registration.parse(frame);
    assertThat(seat == null || !seat.room().contains("_")).isTrue();
    Registration.parse(bytes);
  }
}
