package dev.rookery.relay;

/** A seat that was taken at another node. */
final class RemoteSeat implements SeatOccupant {
  private final FrameSender post;
  private final String node;
  private final long claim;
  private long heard;

  RemoteSeat(FrameSender post, String node, long claim) {
    this.post = post;
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
  public void hear(LocalSeat from, byte[] message, boolean text) {
    post.send(node, from.letter(message, text));
  }

  /**
   * Whether what he says now was not said before something that was heard already: after the line
   * between two nodes broke, the new one may be faster. Asked by the one thread that reads letters.
   */
  boolean isNews(long number) {
    if (number <= heard) {
      return false;
    }
    heard = number;
    return true;
  }
}
