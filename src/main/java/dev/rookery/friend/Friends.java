package dev.rookery.friend;

import dev.rookery.base.PlayerId;
import dev.rookery.friend.Friendship.State;
import dev.rookery.store.Reader;
import java.util.List;
import java.util.Locale;

/**
 * Who is whose friend, and who has blocked whom, for later domains. A transaction that has locked
 * both players decides by what cannot change before its end.
 */
public final class Friends {
  private static final String PAIR =
      """
      SELECT state FROM friendship WHERE requester_id = $1 AND target_id = $2
      UNION ALL
      SELECT state FROM friendship WHERE requester_id = $2 AND target_id = $1
      """;

  /** Whether the two are friends. */
  public boolean areFriends(Reader reader, PlayerId one, PlayerId other) {
    return states(reader, one, other).contains(State.ACCEPTED);
  }

  /** Whether one of the two has blocked the other. */
  public boolean isBlocked(Reader reader, PlayerId one, PlayerId other) {
    return states(reader, one, other).contains(State.BLOCKED);
  }

  private static List<State> states(Reader reader, PlayerId one, PlayerId other) {
    return reader
        .read(PAIR, one.value(), other.value())
        .all(row -> State.valueOf(row.text("state").toUpperCase(Locale.ROOT)));
  }
}
