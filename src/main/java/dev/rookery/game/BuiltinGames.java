package dev.rookery.game;

import java.util.List;

/** The games that are part of the server. */
public final class BuiltinGames {
  private static final List<Game> ALL = List.of(TicTacToe.game(), CrazyEights.game());

  private BuiltinGames() {}

  /** The games; the first one is the default. */
  public static List<Game> all() {
    return ALL;
  }

  /** Whether a key is that of one of them. */
  public static boolean has(String gameKey) {
    return ALL.stream().anyMatch(game -> game.info().gameKey().equals(gameKey));
  }
}
