package dev.rookery.base;

/**
 * A position in a stream. Offsets of an epoch count its events from 1 without a gap. A stream gets
 * a new, larger epoch when it starts again after a long silence.
 */
public record Position(long epoch, long offset) {
  /** The position before the first event of a stream that has no events. */
  public static final Position START = new Position(0, 0);

  private static final long UNKNOWN_EPOCH = -1;

  /**
   * The position in a stream without events, with the time at which it had none. A reader that
   * resumes from it learns whether the stream may have had events that were deleted since then.
   *
   * @param ms the time in milliseconds since the Unix epoch
   */
  public static Position beginning(long ms) {
    return new Position(-ms, 0);
  }

  /**
   * A position as a client sends it back. Clients know an epoch as a text without a meaning; one
   * that no stream can have leads to a position that nothing can be resumed from.
   */
  public static Position ofClient(String epoch, long offset) {
    try {
      return new Position(Long.parseLong(epoch), offset);
    } catch (NumberFormatException _) {
      return new Position(UNKNOWN_EPOCH, offset);
    }
  }

  /** Whether this is the position before the first event of any epoch. */
  public boolean isBeginning() {
    return epoch <= 0 && offset == 0;
  }

  /** Whether this is the position of the first event of its epoch. */
  public boolean isFirst() {
    return offset == 1;
  }

  /**
   * Whether an event at this position is already contained in a snapshot read at {@code snapshot}.
   */
  public boolean isIncludedIn(Position snapshot) {
    return epoch == snapshot.epoch && offset <= snapshot.offset;
  }

  public boolean isAfter(Position other) {
    return epoch == other.epoch ? offset > other.offset : epoch > other.epoch;
  }

  /** Whether this position follows {@code last} with no event in between. */
  public boolean directlyFollows(Position last) {
    return epoch == last.epoch ? offset == last.offset + 1 : epoch > last.epoch && offset == 1;
  }

  /** The position just before this one. */
  public Position previous() {
    return new Position(epoch, offset - 1);
  }

  /**
   * The position from which to read the events that are missing between {@code last} and this
   * position. The end of an earlier epoch was delivered long ago.
   */
  public Position startOfGap(Position last) {
    return epoch == last.epoch ? last : new Position(epoch, 0);
  }
}
