package dev.rookery.presence;

import dev.rookery.base.PlayerId;
import dev.rookery.store.Reader;
import java.util.List;

/** Which players are online, for later domains. */
public final class OnlinePlayers {
  private static final String FIRST =
      "SELECT DISTINCT player_id FROM presence ORDER BY player_id LIMIT $1";

  private OnlinePlayers() {}

  /** Players who are online on any node, by ascending id. */
  public static List<PlayerId> first(Reader reader, int max) {
    return reader.read(FIRST, (long) max).all(row -> new PlayerId(row.number("player_id")));
  }

  /** Returns SQL that is true if the player whose id is in that column is online. */
  public static String isOnline(String idColumn) {
    return "EXISTS (SELECT 1 FROM presence WHERE presence.player_id = %s)".formatted(idColumn);
  }
}
