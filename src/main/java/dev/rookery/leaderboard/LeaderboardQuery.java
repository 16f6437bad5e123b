package dev.rookery.leaderboard;

import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads of boards and ranks. An unknown board is {@code Missing("leaderboard_not_found")}.
 *
 * <p>Ranks include every change whose command was answered by this node. Changes of other nodes
 * follow within milliseconds, and within about a second if the bus lost a message.
 */
public sealed interface LeaderboardQuery<R> extends Command<R> {
  String ADDRESS = "leaderboard/query";

  @Override
  default String address() {
    return ADDRESS;
  }

  /** The order of a list of boards. */
  enum ListOrder {
    /** Those without an end first, then those that end last. */
    ENDS_AT,
    /** Newest first. */
    INSERTED_AT
  }

  /**
   * Which boards are listed; null for any. Boards without the time that is compared never match.
   *
   * @param active whether the season has not ended
   */
  record Filter(
      @Nullable String slug,
      @Nullable Boolean active,
      @Nullable Long startsAfterMs,
      @Nullable Long startsUpToMs,
      @Nullable Long endsAfterMs,
      @Nullable Long endsUpToMs) {}

  record ListBoards(Filter filter, ListOrder order, Page.Request page)
      implements LeaderboardQuery<Page<Board>> {}

  record Find(BoardRef board) implements LeaderboardQuery<BoardSeasons> {}

  /**
   * A board as it is stored now, past what nodes keep of it: for those who change it. {@code
   * Missing("leaderboard_not_found")}.
   */
  record FindStored(BoardRef board) implements LeaderboardQuery<Board> {}

  /** The current seasons by slug; slugs without one are left out. At most 100 slugs. */
  record Resolve(List<String> slugs) implements LeaderboardQuery<Map<String, Board>> {
    public static final int SLUGS_MAX = 100;

    public Resolve {
      slugs = slugs.stream().distinct().limit(SLUGS_MAX).toList();
    }
  }

  /** A page of the records, best first. */
  record Top(BoardRef board, Page.Request page) implements LeaderboardQuery<Page<RankedRecord>> {}

  /**
   * The records around that of a player, best first; empty without a board or a record.
   *
   * @param limit how many, from 1
   */
  record Around(BoardRef board, PlayerId player, int limit)
      implements LeaderboardQuery<List<RankedRecord>> {}

  /** The record of a player, or {@code Missing("record_not_found")}. */
  record FindOfPlayer(BoardRef board, PlayerId player) implements LeaderboardQuery<RankedRecord> {}

  /** The records of a player and their friends, best first, with the ranks of the whole board. */
  record OfFriends(BoardRef board, PlayerId player, Page.Request page)
      implements LeaderboardQuery<Page<RankedRecord>> {}
}
