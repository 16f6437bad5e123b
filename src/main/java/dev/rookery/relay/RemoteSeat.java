package dev.rookery.relay;

/** A seat occupied on another node. */
final class RemoteSeat implements SeatOccupant {
  private final FrameSender sender;
  private final String node;
  private final long claim;
  private long lastNumber;

  RemoteSeat(FrameSender sender, String node, long claim) {
    this.sender = sender;
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
   * Whether a message is newer than all received so far. After a reconnect between two nodes,
   * messages of the new connection may overtake those of the old one. Called only on the thread
   * that receives relay frames.
   */
  boolean isNewer(long number) {
    if (number <= lastNumber) {
      return false;
    }
    lastNumber = number;
    return true;
  }
}
