package dev.rookery.presence;

import dev.rookery.base.PlayerId;
import dev.rookery.player.Players;
import dev.rookery.presence.Attendance.Gone;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Players of this node whose last connection has ended, in the moment in which they may come back.
 * Should the node end meanwhile, their rows are those of an ended run.
 */
final class Leaving {
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

  /** Some of those whose moment is over, by ascending id. They stay until they are removed. */
  List<PlayerId> due(long nowNanos, int max) {
    return players.entrySet().stream()
        .filter(entry -> entry.getValue().dueNanos - nowNanos <= 0)
        .limit(max)
        .map(Map.Entry::getKey)
        .sorted(Players.BY_ID)
        .toList();
  }

  /** Null if he is not due, or came back. */
  @Nullable Gone gone(PlayerId player, long nowNanos) {
    Entry entry = players.get(player);
    return entry == null || entry.dueNanos - nowNanos > 0 ? null : new Gone(player, entry.seenMs);
  }
}
