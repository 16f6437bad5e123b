package dev.rookery.loadtest;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.IntStream;

/** Tic-tac-toe to a draw, which takes nine actions, whatever the players are shown. */
final class TicTacToeMoves implements RoomMoves {
  private static final int[] SQUARES = {0, 1, 2, 4, 3, 5, 7, 6, 8};
  private static final int SIZE = 3;
  private static final int PLAYERS = 2;
  private static final List<Move> MOVES =
      IntStream.range(0, SQUARES.length).mapToObj(TicTacToeMoves::move).toList();

  private int number;

  private static Move move(int number) {
    var payload = JsonObject.of("row", SQUARES[number] / SIZE, "col", SQUARES[number] % SIZE);
    return new Move(number % PLAYERS, RoomMoves.frame("placeMark", payload.encode(), number));
  }

  @Override
  public void show(int seat, byte[] bytes, int from, int to) {
    // The moves are the same in every match.
  }

  @Override
  public boolean isFinished() {
    return number == MOVES.size();
  }

  @Override
  public Move next() {
    return MOVES.get(number++);
  }
}
