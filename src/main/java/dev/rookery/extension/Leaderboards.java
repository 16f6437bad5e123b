package dev.rookery.extension;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Leaderboards. Only server code submits scores. A board is named by its slug, which means the
 * current season, or by its id as text; an unknown one is {@code leaderboard_not_found}.
 */
public interface Leaderboards {
  /** Creates a board: a new season, if there are others with the slug. */
  Leaderboard create(LeaderboardSettings settings);

  @Nullable Leaderboard find(String board);

  /**
   * Boards, newest first.
   *
   * @param slug null for all
   */
  ResultPage<Leaderboard> list(@Nullable String slug, int page, int pageSize);

  /**
   * Changes a board; null leaves a value as it is.
   *
   * @param metadata replaced as a whole
   */
  Leaderboard update(
      String board,
      @Nullable String title,
      @Nullable String description,
      @Nullable Map<String, Object> metadata);

  /** Ends the season now. */
  Leaderboard end(String board);

  /** Deletes the board with its records. */
  void delete(String board);

  /** Submits a score of a player; the operator of the board decides what becomes of the record. */
  default ScoreRecord submit(String board, long userId, long score) {
    return submit(board, userId, score, 0, null, null);
  }

  /**
   * As the shorter method, with a subscore, metadata and an idempotency key. {@code
   * leaderboard_ended} after the end.
   *
   * @param metadata replaces that of the record, except where the earlier score is kept
   */
  ScoreRecord submit(
      String board,
      long userId,
      long score,
      long subscore,
      @Nullable Map<String, Object> metadata,
      @Nullable String idempotencyKey);

  /** Submits a score of what is no player, such as a team. */
  ScoreRecord submitLabel(String board, String label, long score);

  /** The record of a player. */
  @Nullable RankedScore findRecord(String board, long userId);

  /** The records, best first. */
  ResultPage<RankedScore> top(String board, int page, int pageSize);

  /** The records around that of a player, best first; empty without one. */
  List<RankedScore> around(String board, long userId, int limit);

  /** The records of a player and their friends, best first, with the ranks of the whole board. */
  ResultPage<RankedScore> ofFriends(String board, long userId, int page, int pageSize);

  /** Sets the score or the metadata of a record; null leaves it as it is. */
  ScoreRecord updateRecord(
      long recordId, @Nullable Long score, @Nullable Map<String, Object> metadata);

  void deleteRecord(long recordId);

  /** Deletes the record of a player, if there is one. */
  void deleteRecord(String board, long userId);
}
