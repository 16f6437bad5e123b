package dev.rookery.relay;

import org.jspecify.annotations.Nullable;

/**
 * One seat as this node sees it. Of two claims the later one holds. Who has asked and was not
 * answered yet is treated as if his claim were the latest, so that nothing said to him meanwhile is
 * lost.
 */
final class SeatState {
  private @Nullable LocalSeat pending;
  private @Nullable SeatOccupant current;
  private long claim;
  private volatile @Nullable SeatOccupant occupant;

  /** Whoever is reached here now, if anybody. */
  @Nullable SeatOccupant occupant() {
    return occupant;
  }

  synchronized void request(LocalSeat sitting) {
    pending = sitting;
    updateOccupant();
  }

  /** What an older claim than the one known says is past. */
  synchronized void take(SeatOccupant by, long itsClaim) {
    if (pending == by) {
      pending = null;
    }
    if (itsClaim > claim) {
      claim = itsClaim;
      current = by;
    }
    updateOccupant();
  }

  synchronized void release(LocalSeat sitting) {
    if (pending == sitting) {
      pending = null;
    }
    if (current == sitting) {
      current = null;
    }
    updateOccupant();
  }

  synchronized void releaseRemote(long itsClaim) {
    if (current instanceof RemoteSeat elsewhere && elsewhere.claim() == itsClaim) {
      current = null;
    }
    updateOccupant();
  }

  private void updateOccupant() {
    occupant = pending != null ? pending : current;
  }
}
