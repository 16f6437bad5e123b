package dev.rookery.leaderboard;

import dev.rookery.base.BoardId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.RecordId;
import dev.rookery.base.Refused;
import dev.rookery.leaderboard.Board.Operator;
import dev.rookery.leaderboard.LeaderboardCommand.Submit;
import dev.rookery.leaderboard.RecordOwner.OfLabel;
import dev.rookery.leaderboard.RecordOwner.OfPlayer;
import java.util.Map;

/** What a submission makes of a record. */
final class ScoreRules {
  private ScoreRules() {}

  /**
   * The first record of an owner, without an id: the score as it was submitted, whatever the
   * operator.
   */
  static BoardRecord first(BoardId board, Submit submit, long nowMs) {
    PlayerId player = submit.owner() instanceof OfPlayer(var id) ? id : null;
    String label = submit.owner() instanceof OfLabel(var text) ? text : null;
    return new BoardRecord(
        new RecordId(0),
        board,
        player,
        label,
        submit.score(),
        submit.subscore(),
        1,
        BoardRules.orEmpty(submit.metadata()),
        nowMs,
        nowMs);
  }

  /**
   * The record after a further submission.
   *
   * @throws Refused invalid {@code score} or {@code subscore} beyond the range of 64 bits
   */
  static BoardRecord apply(Board board, BoardRecord record, Submit submit, long nowMs) {
    long score = combined(board.operator(), "score", record.score(), submit.score());
    long subscore = combined(board.operator(), "subscore", record.subscore(), submit.subscore());
    boolean kept = board.operator() == Operator.BEST && !isBetter(board, record, submit);
    return new BoardRecord(
        record.id(),
        record.board(),
        record.player(),
        record.label(),
        kept ? record.score() : score,
        kept ? record.subscore() : subscore,
        record.submissions() + 1,
        kept ? record.metadata() : BoardRules.orEmpty(submit.metadata()),
        record.createdMs(),
        nowMs);
  }

  /** The record with another score or other metadata. */
  static BoardRecord with(
      BoardRecord record, long score, Map<String, Object> metadata, long nowMs) {
    return new BoardRecord(
        record.id(),
        record.board(),
        record.player(),
        record.label(),
        score,
        record.subscore(),
        record.submissions(),
        metadata,
        record.createdMs(),
        nowMs);
  }

  private static boolean isBetter(Board board, BoardRecord record, Submit submit) {
    var order = board.sortOrder();
    int byScore = Long.compare(order.orderKey(submit.score()), order.orderKey(record.score()));
    return byScore != 0
        ? byScore < 0
        : order.orderKey(submit.subscore()) < order.orderKey(record.subscore());
  }

  private static long combined(Operator operator, String field, long before, long submitted) {
    try {
      return switch (operator) {
        case SET, BEST -> submitted;
        case INCR -> Math.addExact(before, submitted);
        case DECR -> Math.subtractExact(before, submitted);
      };
    } catch (ArithmeticException _) {
      throw Refused.invalid(field, "is invalid");
    }
  }
}
