package dev.rookery.fanout;

import dev.rookery.base.Position;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The latest positions of the {@value #STREAMS_MAX} streams that had an event most recently, with
 * or without subscribers. A client that subscribes to what it has just created needs no read of the
 * database. Guarded by the shard.
 */
final class RecentPositions {
  static final int STREAMS_MAX = 64;

  private final Map<String, Position> heads = new Heads();

  void update(String stream, Position head) {
    heads.merge(stream, head, (known, now) -> now.isAfter(known) ? now : known);
  }

  /** Sets the position of a stream that is not as far as it was said to be. */
  void replace(String stream, Position head) {
    heads.replace(stream, head);
  }

  @Nullable Position get(String stream) {
    return heads.get(stream);
  }

  private static final class Heads extends LinkedHashMap<String, Position> {
    private static final long serialVersionUID = 1L;

    Heads() {
      super(2 * STREAMS_MAX, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Position> eldest) {
      return size() > STREAMS_MAX;
    }
  }
}
