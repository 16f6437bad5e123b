package dev.rookery.relay;

import org.jspecify.annotations.Nullable;

/**
 * One seat as this node sees it. Of two claims the later one holds. Who has asked and was not
 * answered yet is treated as if his claim were the latest, so that nothing said to him meanwhile is
 * lost.
 */
final class SeatState {
  private @Nullable LocalSeat asking;
  private @Nullable SeatOccupant taken;
  private long claim;
  private volatile @Nullable SeatOccupant holder;

  /** Whoever is reached here now, if anybody. */
  @Nullable SeatOccupant holder() {
    return holder;
  }

  synchronized void ask(LocalSeat sitting) {
    asking = sitting;
    settle();
  }

  /** What an older claim than the one known says is past. */
  synchronized void take(SeatOccupant by, long itsClaim) {
    if (asking == by) {
      asking = null;
    }
    if (itsClaim > claim) {
      claim = itsClaim;
      taken = by;
    }
    settle();
  }

  synchronized void leave(LocalSeat sitting) {
    if (asking == sitting) {
      asking = null;
    }
    if (taken == sitting) {
      taken = null;
    }
    settle();
  }

  synchronized void left(long itsClaim) {
    if (taken instanceof RemoteSeat elsewhere && elsewhere.claim() == itsClaim) {
      taken = null;
    }
    settle();
  }

  private void settle() {
    holder = asking != null ? asking : taken;
  }
}
