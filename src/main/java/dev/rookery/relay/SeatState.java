package dev.rookery.relay;

import org.jspecify.annotations.Nullable;

/**
 * The state of one seat as known to this node. The later of two claims wins. A local request
 * without an answer yet is treated as the latest claim, so that messages to that player are not
 * lost meanwhile. Thread-safe.
 */
final class SeatState {
  private @Nullable LocalSeat pending;
  private @Nullable SeatOccupant current;
  private long claim;
  private volatile @Nullable SeatOccupant occupant;

  /** The current occupant; null if the seat is free. */
  @Nullable SeatOccupant occupant() {
    return occupant;
  }

  synchronized void request(LocalSeat seat) {
    pending = seat;
    updateOccupant();
  }

  /** Applies a claim; one that is older than the known claim is ignored. */
  synchronized void take(SeatOccupant newOccupant, long newClaim) {
    if (pending == newOccupant) {
      pending = null;
    }
    if (newClaim > claim) {
      claim = newClaim;
      current = newOccupant;
    }
    updateOccupant();
  }

  synchronized void release(LocalSeat seat) {
    if (pending == seat) {
      pending = null;
    }
    if (current == seat) {
      current = null;
    }
    updateOccupant();
  }

  synchronized void releaseRemote(long newClaim) {
    if (current instanceof RemoteSeat remote && remote.claim() == newClaim) {
      current = null;
    }
    updateOccupant();
  }

  private void updateOccupant() {
    occupant = pending != null ? pending : current;
  }
}
