package dev.rookery.relay;

import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import org.jspecify.annotations.Nullable;

/** What the relay of a node among several asks of the rows they share. */
sealed interface RelayCommand<R> extends Command<R> {
  String ADDRESS = "relay";

  @Override
  default String address() {
    return ADDRESS;
  }

  /** Takes a seat for this node, whoever has it. {@code Unavailable("seat_busy")}. */
  record Sit(Seat seat) implements RelayCommand<SeatGrant> {}

  /** Frees what was taken, unless somebody has taken it over. */
  record Stand(long claim) implements RelayCommand<Done> {}

  /**
   * @param claim later than every earlier one of this seat
   * @param previousNode the node that had the seat, if any
   * @param otherClaim who has the other seat of the room, read after the seat was taken
   */
  record SeatGrant(long claim, @Nullable String previousNode, @Nullable SeatClaim otherClaim) {}

  /** Somebody's hold on a seat. */
  record SeatClaim(Seat seat, long claim, String node) {}
}
