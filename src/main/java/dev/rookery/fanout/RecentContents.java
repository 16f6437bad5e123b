package dev.rookery.fanout;

import dev.rookery.base.CommittedEvent;
import dev.rookery.base.Position;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The hash codes of the last {@value #EVENTS_MAX} events delivered in their streams, so that a
 * second event with the position of an earlier one is recognised as a repetition, or as another
 * event. Guarded by the shard.
 */
final class RecentContents {
  static final int EVENTS_MAX = 512;

  private final Map<Key, Integer> hashes = new Hashes();

  private record Key(String stream, Position position) {}

  void add(CommittedEvent event) {
    hashes.put(new Key(event.stream(), event.position()), event.event().hashCode());
  }

  /** Whether the event at that position was this one; null if it is no longer known. */
  @Nullable Boolean isSame(CommittedEvent event) {
    Integer hash = hashes.get(new Key(event.stream(), event.position()));
    return hash == null ? null : Boolean.valueOf(hash == event.event().hashCode());
  }

  private static final class Hashes extends LinkedHashMap<Key, Integer> {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<Key, Integer> eldest) {
      return size() > EVENTS_MAX;
    }
  }
}
