package dev.rookery.protocol.godra;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** The keys of a game that the server passes to scripts. */
final class GameKeys {
  private static final String LOBBY = "game:";
  private static final String PLAYERS = ":players";

  private GameKeys() {}

  /** The lobby, and the set of its players. */
  static List<byte[]> of(String game) {
    return List.of(bytes(LOBBY + game), bytes(LOBBY + game + PLAYERS));
  }

  /** The lobby alone. */
  static List<byte[]> lobby(String game) {
    return List.of(bytes(LOBBY + game));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
