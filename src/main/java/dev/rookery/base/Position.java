package dev.rookery.base;

/**
 * A place in a stream. Offsets of one epoch count its events from 1 without a gap; an epoch changes
 * when a stream begins anew, after it was silent for long, and a later epoch has a bigger number.
 */
public record Position(long epoch, long offset) {
  /** Before the first event of a stream that has none yet. */
  public static final Position START = new Position(0, 0);

  /** Whether an event at this place is already contained in what was read at {@code snapshot}. */
  public boolean isIn(Position snapshot) {
    return epoch == snapshot.epoch && offset <= snapshot.offset;
  }

  public boolean isAfter(Position other) {
    return epoch == other.epoch ? offset > other.offset : epoch > other.epoch;
  }

  /** Whether this is the very next place after {@code last}, with nothing between them. */
  public boolean isNextAfter(Position last) {
    return epoch == last.epoch ? offset == last.offset + 1 : epoch > last.epoch && offset == 1;
  }

  /** From where one has to read to come here; the end of an earlier epoch was heard long ago. */
  public Position missedSince(Position last) {
    return epoch == last.epoch ? last : new Position(epoch, 0);
  }
}
