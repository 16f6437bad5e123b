package dev.rookery.loadtest;

import java.util.function.Supplier;

/** The games that the players of the load test know. */
enum RoomGame {
  /** The default game of a node, or another one with its moves. */
  TIC_TAC_TOE(2, TicTacToeMoves::new),
  CRAZY_EIGHTS(4, CardMoves::new);

  private static final String CARDS = "crazy-eights";

  private final int players;
  private final Supplier<RoomMoves> moves;

  RoomGame(int players, Supplier<RoomMoves> moves) {
    this.players = players;
    this.moves = moves;
  }

  /** The game of rooms that are opened with a key. */
  static RoomGame of(String key) {
    return key.equals(CARDS) ? CRAZY_EIGHTS : TIC_TAC_TOE;
  }

  /** How many players a room has. */
  int players() {
    return players;
  }

  /** The moves of a match that has not begun. */
  RoomMoves begin() {
    return moves.get();
  }
}
