package dev.rookery.leaderboard;

import dev.rookery.base.PlayerId;
import dev.rookery.base.RecordId;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Changes of boards and records. Players submit no scores themselves: the caller is an admin or
 * server code.
 *
 * <p>A board that does not exist is {@code Missing("leaderboard_not_found")}, a record {@code
 * Missing("record_not_found")}; values that break a rule are {@code Invalid} by field.
 */
public sealed interface LeaderboardCommand<R> extends Command<R> {
  String ADDRESS = "leaderboard";

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * Creates a board: a new season, if there are others with the slug. {@code
   * Conflict("too_many_leaderboards")} at the limit.
   *
   * @param reset cron expression in UTC, for a board whose seasons follow each other by themselves
   * @param admin whose key it is; null for the server
   * @param idempotencyKey 1 to 200 characters of the admin's choice, or null
   */
  record Create(
      String slug,
      String title,
      @Nullable String description,
      Board.SortOrder sortOrder,
      Board.Operator operator,
      @Nullable Long startsMs,
      @Nullable Long endsMs,
      @Nullable Map<String, Object> metadata,
      @Nullable String reset,
      @Nullable PlayerId admin,
      @Nullable String idempotencyKey)
      implements LeaderboardCommand<Board> {
    public Create(
        String slug,
        String title,
        @Nullable String description,
        Board.SortOrder sortOrder,
        Board.Operator operator,
        @Nullable Long startsMs,
        @Nullable Long endsMs,
        @Nullable Map<String, Object> metadata,
        @Nullable String reset) {
      this(
          slug,
          title,
          description,
          sortOrder,
          operator,
          startsMs,
          endsMs,
          metadata,
          reset,
          null,
          null);
    }
  }

  /** Properties of a board that may have no value. */
  enum Clearable {
    DESCRIPTION,
    STARTS_AT,
    ENDS_AT
  }

  /**
   * Changes the given properties; null leaves one as it is.
   *
   * @param cleared those that have no value from now on
   * @param revision the time of the last change that an admin has read: {@code
   *     Conflict("revision_conflict")} if the board has another one; null to change it whatever was
   *     read
   */
  record Update(
      BoardRef board,
      @Nullable String title,
      @Nullable String description,
      @Nullable Long startsMs,
      @Nullable Long endsMs,
      @Nullable Map<String, Object> metadata,
      Set<Clearable> cleared,
      @Nullable Long revision)
      implements LeaderboardCommand<Board> {
    public Update {
      cleared = Set.copyOf(cleared);
    }
  }

  /** Ends the season now, also if it has ended. No further season follows by itself. */
  record End(BoardRef board) implements LeaderboardCommand<Board> {}

  /** Deletes the board with its records. */
  record Delete(BoardRef board) implements LeaderboardCommand<Done> {}

  /**
   * Submits a score; the operator of the board decides what becomes of the record. {@code
   * Conflict("leaderboard_ended")} after the end.
   *
   * @param by whose idempotency key it is
   * @param metadata replaces that of the record, except where {@code best} keeps the earlier score
   */
  record Submit(
      BoardRef board,
      RecordOwner owner,
      long score,
      long subscore,
      @Nullable Map<String, Object> metadata,
      PlayerId by,
      @Nullable String idempotencyKey)
      implements LeaderboardCommand<BoardRecord> {}

  /** Sets the score or the metadata of a record, whatever the operator; null leaves it as it is. */
  record UpdateRecord(RecordId record, @Nullable Long score, @Nullable Map<String, Object> metadata)
      implements LeaderboardCommand<BoardRecord> {}

  record DeleteRecord(RecordId record) implements LeaderboardCommand<Done> {}

  /** Deletes the record of a player; succeeds if there is none. */
  record DeletePlayerRecord(BoardRef board, PlayerId player) implements LeaderboardCommand<Done> {}

  /** Deletes the records of a player on all boards; for the end of their account. */
  record Forget(PlayerId player) implements LeaderboardCommand<Done> {}
}
