package dev.rookery.game;

import dev.rookery.extension.game.GameSettings;
import dev.rookery.extension.game.TurnGame;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tic-tac-toe for two players. The move {@code placeMark} with {@code {"row": 0, "col": 2}} marks a
 * square, counted from 0.
 */
public final class TicTacToe implements TurnGame {
  private static final String PLACE_MARK = "placeMark";
  private static final String BOARD = "board";
  private static final String CURRENT_PLAYER = "currentPlayer";
  private static final String ROW = "row";
  private static final String COL = "col";
  private static final List<String> MARKS = List.of("X", "O");
  private static final int SIZE = 3;

  private static final GameSettings SETTINGS =
      new GameSettings("tic-tac-toe", "1", List.of("0", "1"), 2);

  /** The game as the server runs it. */
  public static Game game() {
    return new TurnGameEngine(new TicTacToe(), "builtin-1");
  }

  @Override
  public GameSettings settings() {
    return SETTINGS;
  }

  @Override
  public JsonObject setup(Match match) {
    var rows = new JsonArray();
    for (int row = 0; row < SIZE; row++) {
      rows.add(new JsonArray().addNull().addNull().addNull());
    }
    return JsonObject.of(BOARD, rows);
  }

  @Override
  public Map<String, Move> moves() {
    return Map.of(PLACE_MARK, TicTacToe::placeMark);
  }

  private static Result placeMark(Context context, String playerID, @Nullable Object payload) {
    Integer row = payload instanceof JsonObject given ? index(given.getValue(ROW)) : null;
    Integer col = payload instanceof JsonObject given ? index(given.getValue(COL)) : null;
    if (row == null || col == null) {
      return new Result.Invalid("invalid_square", new JsonObject());
    }
    if (mark(board(context), row, col) != null) {
      return new Result.Invalid("occupied", JsonObject.of(COL, col, ROW, row));
    }
    JsonArray board = board(context).copy();
    board.getJsonArray(row).set(col, markOf(context, playerID));
    var patch = JsonObject.of(BOARD, board);
    if (hasLine(board)) {
      return new Result.Finish(JsonObject.of("winner", playerID), patch);
    }
    return isFull(board)
        ? new Result.Finish(JsonObject.of("draw", true), patch)
        : new Result.EndTurn(patch);
  }

  private static @Nullable Integer index(@Nullable Object value) {
    if (!(value instanceof Number number) || number.doubleValue() != number.intValue()) {
      return null;
    }
    int index = number.intValue();
    return index >= 0 && index < SIZE ? index : null;
  }

  private static JsonArray board(Context context) {
    return context.state().getJsonArray(BOARD);
  }

  private static @Nullable String mark(JsonArray board, int row, int col) {
    return board.getJsonArray(row).getString(col);
  }

  private static String markOf(Context context, String playerID) {
    return MARKS.get(context.players().indexOf(playerID));
  }

  private static boolean hasLine(JsonArray board) {
    return lineOwner(board) != null;
  }

  /** The mark that fills a line; null if there is none. */
  private static @Nullable String lineOwner(JsonArray board) {
    for (int i = 0; i < SIZE; i++) {
      String row = lineMark(board, i, 0, 0, 1);
      String column = lineMark(board, 0, i, 1, 0);
      if (row != null || column != null) {
        return row != null ? row : column;
      }
    }
    String falling = lineMark(board, 0, 0, 1, 1);
    return falling != null ? falling : lineMark(board, 0, SIZE - 1, 1, -1);
  }

  private static @Nullable String lineMark(
      JsonArray board, int row, int col, int rowStep, int colStep) {
    String first = mark(board, row, col);
    for (int i = 1; i < SIZE; i++) {
      String next = mark(board, row + i * rowStep, col + i * colStep);
      if (first == null || !first.equals(next)) {
        return null;
      }
    }
    return first;
  }

  private static boolean isFull(JsonArray board) {
    for (int square = 0; square < SIZE * SIZE; square++) {
      if (mark(board, square / SIZE, square % SIZE) == null) {
        return false;
      }
    }
    return true;
  }

  @Override
  public LinkedHashMap<String, @Nullable Object> computed(Context context) {
    String mark = lineOwner(board(context));
    var values = new LinkedHashMap<String, @Nullable Object>();
    values.put("boardFull", isFull(board(context)));
    values.put("winner", mark == null ? null : context.players().get(MARKS.indexOf(mark)));
    return values;
  }

  @Override
  public JsonObject publicView(Context context) {
    return new JsonObject().put(BOARD, board(context)).put(CURRENT_PLAYER, context.currentPlayer());
  }

  @Override
  public JsonObject playerView(Context context, String playerID) {
    return publicView(context).put("myMark", markOf(context, playerID));
  }
}
