package dev.rookery.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CardMovesTest {
  private final CardMoves moves = new CardMoves();

  @ParameterizedTest
  @CsvSource({"7H 2H,7H", "2C KC,KC", "2C 8D,8D", "2C 3D,"})
  void laysTheFirstCardThatFitsAndDrawsWithoutOne(String hand, @Nullable String laid) {
    show(0, "1", "3H", "7H");
    show(1, "1", "KH", hand.split(" "));

    RoomMoves.Move move = moves.next();

    assertThat(move.seat()).isEqualTo(1);
    JsonObject sent = sent(move);
    assertThat(sent.getString("event")).isEqualTo(laid == null ? "draw" : "play");
    assertThat(sent.getValue("payload"))
        .isEqualTo(laid == null ? null : JsonObject.of("card", laid));
    assertThat(sent.getString("clientActionID")).isEqualTo("client_0");
  }

  @Test
  void readsTheViewOfABatch() {
    show(0, "0", "KH", "2C");
    String snapshot = view("0", "KH", "5H");
    byte[] batch =
        ("{\"type\":\"batch_applied\",\"matchID\":\"r\",\"revision\":1,\"snapshot\":" + snapshot)
            .getBytes(StandardCharsets.UTF_8);
    moves.show(0, batch, 0, batch.length);

    assertThat(sent(moves.next()).getJsonObject("payload").getString("card")).isEqualTo("5H");
  }

  @Test
  void isFinishedWhenNobodyMayAct() {
    show(0, "0", "KH", "2H");
    assertThat(moves.isFinished()).isFalse();

    show(0, null, "2H");
    assertThat(moves.isFinished()).isTrue();
  }

  @Test
  void refusesWhatIsNoView() {
    byte[] other = "{\"type\":\"openturn:presence\"}".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> moves.show(0, other, 0, other.length))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("openturn:presence");
  }

  private void show(int seat, @Nullable String active, String top, String... hand) {
    byte[] text = view(active, top, hand).getBytes(StandardCharsets.UTF_8);
    moves.show(seat, text, 0, text.length);
  }

  private static String view(@Nullable String active, String top, String... hand) {
    var players = active == null ? new JsonArray() : JsonArray.of(active);
    return "{\"derived\":"
        + JsonObject.of("activePlayers", players)
        + ",\"G\":"
        + JsonObject.of("top", top, "hand", JsonArray.of((Object[]) hand))
        + ",\"log\":[],\"matchID\":\"r\"}";
  }

  /** The text of a masked frame that is shorter than 64 KiB. */
  private static JsonObject sent(RoomMoves.Move move) {
    byte[] frame = move.frame();
    int mask = frame[1] == (byte) 0xFE ? 4 : 2;
    int start = mask + 4;
    var text = new byte[frame.length - start];
    for (int i = 0; i < text.length; i++) {
      text[i] = (byte) (frame[start + i] ^ frame[mask + (i & 3)]);
    }
    return new JsonObject(new String(text, StandardCharsets.UTF_8));
  }
}
