package dev.rookery.cache;

import dev.rookery.base.Position;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keys that changed lately, each with the position of its last change in the stream of changes.
 * By it a value that another node has shared is judged: it was read at a position, and is current
 * if its key has not changed since. Thread-safe.
 */
final class RecentChanges<K> {
  private static final int KEYS_MAX = 100_000;

  // Of a change whose position is not known yet.
  private static final Position LATER = new Position(Long.MAX_VALUE, 0);

  private final Map<K, Position> changed = new LinkedHashMap<>();
  private @Nullable Position floor;
  private Position reached = Position.START;

  /** Begins at a position, before which nothing is known. */
  synchronized void begin(Position position) {
    changed.clear();
    floor = position;
    reached = position;
  }

  /** Nothing is known until it begins again. */
  synchronized void end() {
    changed.clear();
    floor = null;
  }

  /** A change that this node made; its position follows with the event. */
  synchronized void add(K key) {
    put(key, LATER);
  }

  synchronized void add(K key, Position position) {
    put(key, position);
  }

  /** All changes up to this position were added. */
  synchronized void reached(Position position) {
    reached = position;
  }

  private void put(K key, Position position) {
    changed.remove(key);
    changed.put(key, position);
    if (changed.size() > KEYS_MAX) {
      var eldest = changed.entrySet().iterator();
      Position forgotten = eldest.next().getValue();
      eldest.remove();
      Position known = forgotten.equals(LATER) ? reached : forgotten;
      if (floor != null && known.isAfter(floor)) {
        floor = known;
      }
    }
  }

  /** The position up to which all changes were heard of; null if nothing is known. */
  synchronized @Nullable Position reached() {
    return floor == null ? null : reached;
  }

  /** Whether the value of a key that was read at a position is known to be current. */
  synchronized boolean isCurrent(K key, Position readAt) {
    if (floor == null || floor.isAfter(readAt)) {
      return false;
    }
    Position last = changed.get(key);
    return last == null || !last.isAfter(readAt);
  }
}
