package dev.rookery.leaderboard;

import com.fasterxml.jackson.annotation.JsonFormat;
import dev.rookery.base.BoardId;
import dev.rookery.base.Event;
import java.util.List;

/**
 * What happens to a board, on its stream {@code leaderboard:<id>}. Nodes that keep an index of the
 * board follow it, clients do not, so the events carry what an index needs and nothing else.
 */
public sealed interface LeaderboardEvent extends Event {
  /** The stream of changed lists of boards. */
  String LISTS = "leaderboards";

  /** The name of a board's stream. */
  static String stream(BoardId board) {
    return "leaderboard:" + board.value();
  }

  /** A board was created, changed or deleted; on the stream {@link #LISTS}. */
  record Listed(BoardId board) implements LeaderboardEvent {}

  /**
   * Records were created or changed, or removed; in one event for all records of the board that one
   * transaction changed. A record is in one of the lists.
   */
  record Ranked(List<Standing> changed, List<Long> removed) implements LeaderboardEvent {
    public Ranked {
      changed = List.copyOf(changed);
      removed = List.copyOf(removed);
    }
  }

  /** The board's title, times or other properties changed. */
  record Changed(Board board) implements LeaderboardEvent {}

  /** The board was deleted with its records. */
  record Deleted() implements LeaderboardEvent {}

  /**
   * A record's place in the order, as an array in JSON: there may be a thousand of them a second.
   *
   * @param player 0 for a label
   * @param revision how often the record has changed
   */
  @JsonFormat(shape = JsonFormat.Shape.ARRAY)
  record Standing(long record, long player, long score, long subscore, long revision) {}
}
