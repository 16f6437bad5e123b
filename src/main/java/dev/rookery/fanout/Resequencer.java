package dev.rookery.fanout;

import dev.rookery.base.Position;
import java.util.Comparator;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts the events of one stream in order: the bus may lose, repeat and reorder them. What comes too
 * early is held; of more than {@link #BUFFERED_MAX} only the place is remembered, and the history
 * has the rest. Guarded by its shard.
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
   * @param out takes each event once, in order
   */
  Resequencer(Consumer<Delivery> out) {
    this.output = out;
  }

  /**
   * The first follower's snapshot tells where the node's view of the stream begins; answers how far
   * it has come.
   */
  Position start(Position snapshot) {
    if (lastDelivered == null) {
      lastDelivered = snapshot;
      drain();
    }
    return lastDelivered;
  }

  void accept(Delivery delivery) {
    Position here = delivery.position();
    if (lastDelivered != null && !here.isAfter(lastDelivered)) {
      return;
    }
    observe(here);
    if (lastDelivered != null && here.isNextAfter(lastDelivered)) {
      advance(delivery);
    } else {
      buffer(delivery);
    }
    drain();
  }

  /** Something is known to be there, though it has not come. */
  void observe(Position there) {
    if (highestSeen == null || there.isAfter(highestSeen)) {
      highestSeen = there;
    }
  }

  /** Up to where something is missing that must come before anything later; null if nothing is. */
  @Nullable Position missingUpto() {
    return lastDelivered != null && highestSeen != null && highestSeen.isAfter(lastDelivered)
        ? highestSeen
        : null;
  }

  /** After which place {@link #missingUpto} begins. */
  Position missingSince() {
    Position to = missingUpto();
    if (lastDelivered == null || to == null) {
      throw new IllegalStateException("nothing is missing");
    }
    return to.missedSince(lastDelivered);
  }

  /** The history has it no more. Each follower finds out by itself what that means to him. */
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
      if (next.isNextAfter(from)) {
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
