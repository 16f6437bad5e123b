package dev.rookery.presence;

import dev.rookery.base.PlayerId;
import dev.rookery.store.Reader;
import java.util.List;

/** Which players are online, for later domains. */
public final class OnlinePlayers {
  private OnlinePlayers() {}

  /** Players who are online on any node, by ascending id. */
  public static List<PlayerId> first(Reader reader, int max) {
    return PresenceStore.online(reader, max);
  }

  /** Players with a higher id who are online on any node, by ascending id. */
  public static List<PlayerId> after(Reader reader, PlayerId player, int max) {
    return PresenceStore.onlineAfter(reader, player, max);
  }

  /** Returns SQL that is true if the player whose id is in that column is online. */
  public static String isOnline(String idColumn) {
    return "EXISTS (SELECT 1 FROM presence WHERE presence.player_id = %s)".formatted(idColumn);
  }
}
