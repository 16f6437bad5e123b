package dev.rookery.relay;

import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import org.jspecify.annotations.Nullable;

/**
 * Commands for the seat rows that the relays of a cluster share. Their names are label values of
 * the metric {@code rookery.commands}.
 */
sealed interface RelayCommand<R> extends Command<R> {
  String ADDRESS = "relay";

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * Takes a seat for this node, even if it is occupied. Refused with {@code
   * Unavailable("seat_busy")} under heavy contention.
   */
  record Sit(Seat seat) implements RelayCommand<SeatGrant> {
    @Override
    public boolean isFromStranger() {
      return true;
    }
  }

  /** Releases a seat, unless a later claim has taken it over. */
  record Stand(long claim) implements RelayCommand<Done> {}

  /**
   * The result of {@link Sit}.
   *
   * @param claim higher than every earlier claim of this seat
   * @param previousNode the node that held the seat, if any
   * @param otherClaim the claim of the other seat in the room, read after this seat was taken
   */
  record SeatGrant(long claim, @Nullable String previousNode, @Nullable SeatClaim otherClaim) {}

  /** The claim by which a node holds a seat. */
  record SeatClaim(Seat seat, long claim, String node) {}
}
