package dev.rookery.fanout;

import dev.rookery.base.Position;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Counts subscriptions of a topic by their wire; there may be a hundred thousand. */
final class FollowerCounts {
  private final Map<String, Count> byWire = new TreeMap<>();

  private static final class Count {
    private int followers;
    private @Nullable Position lowest;

    private void add(@Nullable Position position) {
      followers++;
      if (position != null && (lowest == null || lowest.isAfter(position))) {
        lowest = position;
      }
    }
  }

  void add(Subscription subscription) {
    Position delivered = subscription.lastDelivered();
    // A feed is started at the beginning and has no positions.
    byWire
        .computeIfAbsent(subscription.wire(), _ -> new Count())
        .add(Position.START.equals(delivered) ? null : delivered);
  }

  List<Followers> list() {
    return byWire.entrySet().stream()
        .map(of -> new Followers(of.getKey(), of.getValue().followers, of.getValue().lowest))
        .toList();
  }
}
