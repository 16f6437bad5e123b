package dev.rookery.fanout;

import dev.rookery.base.Position;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts subscriptions of a topic by their wire. */
final class FollowerCounts {
  private final Map<String, Followers> byWire = new TreeMap<>();

  void add(Subscription subscription) {
    String wire = subscription.wire();
    Position delivered = subscription.lastDelivered();
    // A feed is started at the beginning and has no positions.
    Position position = Position.START.equals(delivered) ? null : delivered;
    byWire.put(wire, byWire.getOrDefault(wire, new Followers(wire, 0, null)).with(position));
  }

  List<Followers> list() {
    return List.copyOf(byWire.values());
  }
}
