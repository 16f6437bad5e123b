package dev.rookery.fanout;

import dev.rookery.base.Position;
import java.util.Comparator;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Restores the order of one stream's events, which the bus may lose, duplicate and reorder. Events
 * that arrive early are buffered, at most {@value #BUFFERED_MAX}; beyond that only the highest
 * position is kept and the events are read from the history. Guarded by the shard.
 */
final class Resequencer {
  static final int BUFFERED_MAX = 200;

  private static final Comparator<Position> BY_POSITION =
      Comparator.comparingLong(Position::epoch).thenComparingLong(Position::offset);

  private final Consumer<Delivery> output;
  private @Nullable Position lastDelivered;
  private @Nullable Position highestSeen;
  private @Nullable TreeMap<Position, Delivery> buffered;

  /**
   * @param output receives each event once, in order
   */
  Resequencer(Consumer<Delivery> output) {
    this.output = output;
  }

  /**
   * Starts after the snapshot of the first subscriber; later calls have no effect. Returns the
   * position of the last delivered event.
   */
  Position start(Position snapshot) {
    if (lastDelivered == null) {
      lastDelivered = snapshot;
      drain();
    }
    return lastDelivered;
  }

  void accept(Delivery delivery) {
    Position position = delivery.position();
    if (lastDelivered != null && !position.isAfter(lastDelivered)) {
      return;
    }
    observe(position);
    if (lastDelivered != null && position.directlyFollows(lastDelivered)) {
      advance(delivery);
    } else {
      buffer(delivery);
    }
    drain();
  }

  /** Notes that the stream has reached a position, whose event may not have arrived. */
  void observe(Position position) {
    if (highestSeen == null || position.isAfter(highestSeen)) {
      highestSeen = position;
    }
  }

  /** The position up to which events are missing; null if none is missing. */
  @Nullable Position missingUpto() {
    return lastDelivered != null && highestSeen != null && highestSeen.isAfter(lastDelivered)
        ? highestSeen
        : null;
  }

  /**
   * The position after which events are missing; throws {@link IllegalStateException} if none is.
   */
  Position missingSince() {
    Position to = missingUpto();
    if (lastDelivered == null || to == null) {
      throw new IllegalStateException("no event is missing");
    }
    return to.startOfGap(lastDelivered);
  }

  /** Skips a gap that the history cannot fill. Each subscription detects the gap by itself. */
  void skipGap() {
    Position to = missingUpto();
    if (to == null) {
      return;
    }
    Position first = buffered == null ? to : buffered.firstKey();
    lastDelivered = buffered == null ? to : new Position(first.epoch(), first.offset() - 1);
    drain();
  }

  private void advance(Delivery delivery) {
    lastDelivered = delivery.position();
    output.accept(delivery);
  }

  private void buffer(Delivery delivery) {
    if (buffered == null) {
      buffered = new TreeMap<>(BY_POSITION);
    }
    buffered.put(delivery.position(), delivery);
    if (buffered.size() > BUFFERED_MAX) {
      buffered.pollLastEntry();
    }
  }

  private void drain() {
    Position from = lastDelivered;
    while (buffered != null && from != null) {
      Position next = buffered.firstKey();
      if (next.directlyFollows(from)) {
        advance(buffered.pollFirstEntry().getValue());
        from = next;
      } else if (next.isAfter(from)) {
        return;
      } else {
        buffered.pollFirstEntry();
      }
      if (buffered.isEmpty()) {
        buffered = null;
      }
    }
  }
}
