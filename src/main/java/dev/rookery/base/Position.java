package dev.rookery.base;

/**
 * A place in a stream. Offsets of one epoch count its events from 1 without a gap; an epoch changes
 * when a stream begins anew, after it was silent for long, and a later epoch has a bigger number.
 */
public record Position(long epoch, long offset) {
  /** Before the first event of a stream that has none yet. */
  public static final Position START = new Position(0, 0);

  /**
   * A place to come back to in a stream that has no events: as {@link #START}, and it tells since
   * when. Of a stream whose events are forgotten, and of which nothing is left to show that there
   * were any, this is what says whether that can have happened meanwhile.
   */
  public static Position beginning(long ms) {
    return new Position(-ms, 0);
  }

  /** Whether it is before the first event of whatever epoch comes. */
  public boolean isBeginning() {
    return epoch <= 0 && offset == 0;
  }

  /** Whether it is that of the first event of its epoch. */
  public boolean isFirst() {
    return offset == 1;
  }

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

  /** Of whatever comes after it, an event at this place is the first. */
  public Position before() {
    return new Position(epoch, offset - 1);
  }

  /** From where one has to read to come here; the end of an earlier epoch was heard long ago. */
  public Position missedSince(Position last) {
    return epoch == last.epoch ? last : new Position(epoch, 0);
  }
}
