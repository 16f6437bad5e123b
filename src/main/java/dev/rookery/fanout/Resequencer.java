package dev.rookery.fanout;

import dev.rookery.base.Position;
import java.util.Comparator;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts the events of one stream in order: the bus may lose, repeat and reorder them. What comes too
 * early is held; of more than {@link #HELD_MAX} only the place is remembered, and the history has
 * the rest. Guarded by its shard.
 */
final class Resequencer {
  static final int HELD_MAX = 200;

  private static final Comparator<Position> BY_PLACE =
      Comparator.comparingLong(Position::epoch).thenComparingLong(Position::offset);

  private final Consumer<Delivery> out;
  private @Nullable Position last;
  private @Nullable Position heard;
  private @Nullable TreeMap<Position, Delivery> held;

  /**
   * @param out takes each event once, in order
   */
  Resequencer(Consumer<Delivery> out) {
    this.out = out;
  }

  /**
   * The first follower's snapshot tells where the node's view of the stream begins; answers how far
   * it has come.
   */
  Position begin(Position snapshot) {
    if (last == null) {
      last = snapshot;
      drain();
    }
    return last;
  }

  void take(Delivery delivery) {
    Position here = delivery.position();
    if (last != null && !here.isAfter(last)) {
      return;
    }
    hear(here);
    if (last != null && here.isNextAfter(last)) {
      advance(delivery);
    } else {
      hold(delivery);
    }
    drain();
  }

  /** Something is known to be there, though it has not come. */
  void hear(Position there) {
    if (heard == null || there.isAfter(heard)) {
      heard = there;
    }
  }

  /** Up to where something is missing that must come before anything later; null if nothing is. */
  @Nullable Position missingUpto() {
    return last != null && heard != null && heard.isAfter(last) ? heard : null;
  }

  /** After which place {@link #missingUpto} begins. */
  Position missingSince() {
    Position to = missingUpto();
    if (last == null || to == null) {
      throw new IllegalStateException("nothing is missing");
    }
    return to.missedSince(last);
  }

  /** The history has it no more. Each follower finds out by itself what that means to him. */
  void skip() {
    Position to = missingUpto();
    if (to == null) {
      return;
    }
    Position first = held == null ? to : held.firstKey();
    last = held == null ? to : new Position(first.epoch(), first.offset() - 1);
    drain();
  }

  private void advance(Delivery delivery) {
    last = delivery.position();
    out.accept(delivery);
  }

  private void hold(Delivery delivery) {
    if (held == null) {
      held = new TreeMap<>(BY_PLACE);
    }
    held.put(delivery.position(), delivery);
    if (held.size() > HELD_MAX) {
      held.pollLastEntry();
    }
  }

  private void drain() {
    Position from = last;
    while (held != null && from != null) {
      Position next = held.firstKey();
      if (next.isNextAfter(from)) {
        advance(held.pollFirstEntry().getValue());
        from = next;
      } else if (next.isAfter(from)) {
        return;
      } else {
        held.pollFirstEntry();
      }
      if (held.isEmpty()) {
        held = null;
      }
    }
  }
}
