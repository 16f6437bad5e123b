package dev.rookery.relay;

/** A seat that was taken at another node. */
final class RemoteSeat implements SeatOccupant {
  private final FrameSender sender;
  private final String node;
  private final long claim;
  private long lastNumber;

  RemoteSeat(FrameSender post, String node, long claim) {
    this.sender = post;
    this.node = node;
    this.claim = claim;
  }

  String node() {
    return node;
  }

  long claim() {
    return claim;
  }

  @Override
  public void deliver(LocalSeat from, byte[] message, boolean text) {
    sender.send(node, from.encode(message, text));
  }

  /**
   * Whether what he says now was not said before something that was heard already: after the line
   * between two nodes broke, the new one may be faster. Asked by the one thread that reads letters.
   */
  boolean isNewer(long number) {
    if (number <= lastNumber) {
      return false;
    }
    lastNumber = number;
    return true;
  }
}
