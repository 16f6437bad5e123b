package dev.rookery.presence;

import dev.rookery.base.PlayerId;
import dev.rookery.player.Players;
import dev.rookery.presence.PresenceTransitions.Departed;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Players of this node whose last connection has ended and who may still come back unnoticed. If
 * the node ends meanwhile, their rows are those of an ended run.
 */
final class GracePeriod {
  private final Map<PlayerId, Entry> players = new LinkedHashMap<>();

  private record Entry(long seenMs, long dueNanos) {}

  void put(PlayerId player, long seenMs, long nowNanos, Duration grace) {
    players.remove(player);
    players.put(player, new Entry(seenMs, nowNanos + grace.toNanos()));
  }

  void remove(PlayerId player) {
    players.remove(player);
  }

  boolean isEmpty() {
    return players.isEmpty();
  }

  /** Some of those whose time is over, by ascending id. They stay until they are removed. */
  List<PlayerId> due(long nowNanos, int max) {
    return players.entrySet().stream()
        .filter(entry -> entry.getValue().dueNanos - nowNanos <= 0)
        .limit(max)
        .map(Map.Entry::getKey)
        .sorted(Players.BY_ID)
        .toList();
  }

  /** Null if the player's time is not over, or the player came back. */
  @Nullable Departed departed(PlayerId player, long nowNanos) {
    Entry entry = players.get(player);
    return entry == null || entry.dueNanos - nowNanos > 0
        ? null
        : new Departed(player, entry.seenMs);
  }
}
