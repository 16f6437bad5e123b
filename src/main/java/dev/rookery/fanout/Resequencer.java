package dev.rookery.fanout;

import dev.rookery.base.Position;
import java.util.Comparator;
import java.util.List;
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
  private final RecentContents delivered;
  private @Nullable Position lastDelivered;
  private @Nullable Position highestSeen;
  private @Nullable TreeMap<Position, Delivery> buffered;

  /**
   * @param output receives each event once, in order
   * @param delivered remembers what was delivered, for all streams of the shard
   */
  Resequencer(Consumer<Delivery> output, RecentContents delivered) {
    this.output = output;
    this.delivered = delivered;
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

  /**
   * Accepts an event from the bus; false if it contradicts what was delivered, which only the
   * history can decide. An event that contradicts another one that is buffered removes it, so that
   * both are read from the history.
   */
  boolean accept(Delivery delivery) {
    Position position = delivery.position();
    if (lastDelivered != null && !position.isAfter(lastDelivered)) {
      return isRepetition(delivery, lastDelivered);
    }
    observe(position);
    if (lastDelivered != null && position.directlyFollows(lastDelivered)) {
      advance(delivery);
    } else {
      Delivery other = buffered == null ? null : buffered.get(position);
      if (other == null || isSame(other, delivery)) {
        buffer(delivery);
      } else {
        removeBuffered(position);
        return false;
      }
    }
    drain();
    return true;
  }

  /**
   * Accepts events from the history, which are right whatever the bus brought. Returns those in
   * place of which another one was delivered.
   */
  List<Delivery> acceptStored(List<Delivery> stored) {
    // All of them first: a buffered event would follow the one before it at once.
    stored.forEach(delivery -> removeBuffered(delivery.position()));
    return stored.stream().filter(delivery -> !accept(delivery)).toList();
  }

  private boolean isRepetition(Delivery delivery, Position last) {
    Boolean same = delivered.isSame(delivery.posted());
    // Positions of another epoch are never late by so much that nothing is known of them.
    return same == null ? delivery.position().epoch() == last.epoch() : same;
  }

  private static boolean isSame(Delivery one, Delivery other) {
    return one.posted().event().equals(other.posted().event());
  }

  private void removeBuffered(Position position) {
    if (buffered != null && buffered.remove(position) != null && buffered.isEmpty()) {
      buffered = null;
    }
  }

  /** The position of the last delivered event; null before the start. */
  @Nullable Position lastDelivered() {
    return lastDelivered;
  }

  /** Forgets the buffered events: the history, read up to their positions, does not have them. */
  void discardBuffered() {
    buffered = null;
    highestSeen = lastDelivered;
  }

  /** Continues after that position, although later events were delivered: they do not exist. */
  void rewind(Position head) {
    lastDelivered = head;
    discardBuffered();
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
    delivered.add(delivery.posted());
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
