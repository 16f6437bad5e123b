package dev.rookery.friend;

import dev.rookery.base.FriendshipId;
import dev.rookery.base.PlayerId;
import dev.rookery.friend.FriendCommand.Filter;
import dev.rookery.friend.Friendship.State;
import dev.rookery.store.Reader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The friendships of all players, as admins see them. */
final class AdminStore {
  private static final String COLUMNS = "id, requester_id, target_id, state, created_ms";

  // A player has few, so that all of them may be sorted.
  private static final String OF_PLAYER =
      """
      SELECT %1$s FROM friendship WHERE requester_id = $1 AND id < $2
      UNION ALL
      SELECT %1$s FROM friendship WHERE target_id = $1 AND id < $2
      """
          .formatted(COLUMNS);

  private static final String NEWEST =
      "SELECT " + COLUMNS + " FROM friendship WHERE id < $1%s ORDER BY id DESC LIMIT $2";

  /** See {@link FriendCommand.ListAll}. */
  List<Friendship> list(Reader reader, Filter filter, @Nullable FriendshipId before, int max) {
    PlayerId player = filter.player();
    long below = before == null ? Long.MAX_VALUE : before.value();
    State state = filter.state();
    Long since = filter.sinceMs();
    var values = new ArrayList<@Nullable Object>();
    if (player == null) {
      values.add(below);
      // What is since a time comes first in this order.
      values.add((long) max);
    } else {
      values.add(player.value());
      values.add(below);
    }
    var conditions = new ArrayList<String>();
    if (state != null && player != null) {
      values.add(FriendStore.text(state));
      conditions.add("state = $" + values.size());
    }
    if (since != null) {
      values.add(since);
      conditions.add("created_ms >= $" + values.size());
    }
    values.add((long) max);
    String sql =
        "SELECT * FROM ("
            + (player == null ? NEWEST.formatted(ofState(state)) : OF_PLAYER)
            + ") AS looked_through"
            + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions))
            + " ORDER BY id DESC LIMIT $"
            + values.size();
    return reader.read(sql, values.toArray()).all(FriendStore::friendship);
  }

  /** The condition is part of the text, so that the index of the states that are few is used. */
  private static String ofState(@Nullable State state) {
    if (state == null) {
      return "";
    }
    String condition = " AND state = '" + FriendStore.text(state) + "'";
    return state == State.ACCEPTED ? condition : condition + " AND state <> 'accepted'";
  }
}
