package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.Position;
import dev.rookery.console.StreamEvent;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The lines of live messages of the stream inspector. */
final class StreamRowsTest {
  private static final int MESSAGE_BYTES_MAX = 64 << 10;

  private static List<StreamEvent> events(int count, String payload) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(
            offset ->
                new StreamEvent(
                    "lobby:1234567",
                    new Position(1_795_977_634_379L, offset),
                    0,
                    1_795_977_634_379L,
                    "ChatEvent.Sent",
                    "player 1234567",
                    payload.length(),
                    payload,
                    true,
                    "",
                    ""))
        .toList();
  }

  @Test
  void fitsAnyNumberOfEventsIntoAMessage() {
    for (String payload : List.of("x".repeat(2_048), "\"".repeat(2_048), "\u20ac".repeat(2_048))) {
      for (int count : List.of(1, 20, 100, 500)) {
        JsonArray lines = StreamRows.lines(events(count, payload), 0);
        assertThat(lines).hasSize(count);
        assertThat(JsonObject.of("lines", lines).toBuffer().length())
            .as(count + " of " + payload.charAt(0))
            .isLessThan(MESSAGE_BYTES_MAX);
      }
    }
  }

  @Test
  void saysHowManyEventsAreNotShown() {
    JsonArray lines = StreamRows.lines(events(500, "{}"), 1_500);
    assertThat(lines.getString(0)).isEqualTo("2,000 events came at once; 500 of them are shown.");
    assertThat(lines).hasSize(501);
  }

  @Test
  void leavesEventsOutWhoseNamesAloneFillTheMessage() {
    List<StreamEvent> events =
        events(500, "{}").stream()
            .map(
                event ->
                    new StreamEvent(
                        event.stream(),
                        event.position(),
                        0,
                        event.atMs(),
                        event.type(),
                        "\u20ac".repeat(64),
                        2,
                        "{}",
                        false,
                        "",
                        ""))
            .toList();
    JsonArray lines = StreamRows.lines(events, 0);
    assertThat(lines.getString(0)).isEqualTo("500 events came at once; 125 of them are shown.");
    assertThat(lines.toBuffer().length()).isLessThan(MESSAGE_BYTES_MAX);
  }
}
