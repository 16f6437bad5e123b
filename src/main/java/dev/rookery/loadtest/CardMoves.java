package dev.rookery.loadtest;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * Crazy eights: each player lays the first card of their hand that fits, as their own view shows
 * it, and draws if none does.
 */
final class CardMoves implements RoomMoves {
  private static final byte[] VIEW = "{\"derived\":".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] AFTER_VIEW = ",\"log\":".getBytes(StandardCharsets.US_ASCII);
  private static final char WILD = '8';

  // Rooms may wait long for their first action, and nobody is to draw for it meanwhile.
  private static final Map<String, Object> OPTIONS = Map.of("turnSeconds", 600);

  private final String[] views = new String[RoomGame.CRAZY_EIGHTS.players()];
  private int number;

  @Override
  public Map<String, Object> options() {
    return OPTIONS;
  }

  /** Keeps the view, which comes before the log of the match. */
  @Override
  public void show(int seat, byte[] bytes, int from, int to) {
    int begin = indexOf(VIEW, bytes, from, to);
    int end = indexOf(AFTER_VIEW, bytes, begin, to);
    views[seat] = new String(bytes, begin, end - begin, StandardCharsets.UTF_8) + "}";
  }

  private static int indexOf(byte[] part, byte[] bytes, int from, int to) {
    for (int at = from; at + part.length <= to; at++) {
      if (bytes[at] == part[0]
          && Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
        return at;
      }
    }
    throw new IllegalArgumentException(
        "not a view of a match: " + new String(bytes, from, to - from, StandardCharsets.UTF_8));
  }

  @Override
  public boolean isFinished() {
    return activePlayers(new JsonObject(views[0])).isEmpty();
  }

  private static JsonArray activePlayers(JsonObject view) {
    return view.getJsonObject("derived").getJsonArray("activePlayers");
  }

  /** A player's name is the number of their seat. */
  @Override
  public Move next() {
    int seat = Integer.parseInt(activePlayers(new JsonObject(views[0])).getString(0));
    JsonObject own = new JsonObject(views[seat]).getJsonObject("G");
    String top = own.getString("top");
    for (Object held : own.getJsonArray("hand")) {
      String card = (String) held;
      if (fits(card, top)) {
        return move(seat, "play", JsonObject.of("card", card).encode());
      }
    }
    return move(seat, "draw", "null");
  }

  private static boolean fits(String card, String top) {
    return card.charAt(0) == WILD
        || card.charAt(0) == top.charAt(0)
        || card.charAt(1) == top.charAt(1);
  }

  private Move move(int seat, String event, String payload) {
    return new Move(seat, RoomMoves.frame(event, payload, number++));
  }
}
