package dev.rookery.base;

/**
 * A place in a stream. Offsets of one epoch count its events from 1 without a gap; an epoch changes
 * when a stream begins anew, and positions of two epochs cannot be compared.
 */
public record Position(long epoch, long offset) {
  /** Before the first event of a stream that has none yet. */
  public static final Position START = new Position(0, 0);

  /** Whether an event at this place is already contained in what was read at {@code snapshot}. */
  public boolean isIn(Position snapshot) {
    return epoch == snapshot.epoch && offset <= snapshot.offset;
  }
}
