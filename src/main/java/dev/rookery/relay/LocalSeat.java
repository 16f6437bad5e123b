package dev.rookery.relay;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One socket's hold on a seat, from asking for it to the end of the socket. Confined to the event
 * loop it was made on; only what the other player says comes from anywhere.
 *
 * <p>Somebody else may take the seat over. Who sat there hears nothing any more, but what he says
 * still goes to the other player.
 */
public final class LocalSeat implements SeatOccupant {
  /** What may be said before the seat is ours; more is dropped. */
  private static final int EARLY_MAX = 64;

  private final Relay relay;
  private final Room room;
  private final int number;
  private final SeatListener sitter;
  private @Nullable List<PendingMessage> early = new ArrayList<>(2);
  private Future<Long> claimed = Future.succeededFuture(0L);
  private long claim;
  private long said;
  private boolean over;

  LocalSeat(Relay relay, Room room, int number, SeatListener sitter) {
    this.relay = relay;
    this.room = room;
    this.number = number;
    this.sitter = sitter;
  }

  private record PendingMessage(byte[] message, boolean text) {}

  /** To the other player of the room, if there is one; nobody may change the bytes any more. */
  public void pass(byte[] message, boolean text) {
    if (early == null) {
      deliver(message, text);
    } else if (early.size() < EARLY_MAX) {
      early.add(new PendingMessage(message, text));
    } else {
      relay.dropped();
    }
  }

  private void deliver(byte[] message, boolean text) {
    SeatOccupant other = room.place(1 - number).holder();
    if (other == null) {
      relay.dropped();
    } else {
      other.hear(this, message, text);
      relay.passed(other);
    }
  }

  /** Frees the seat, if it is still held. Ends when other nodes have been told; never fails. */
  public Future<?> end() {
    if (over) {
      return Future.succeededFuture();
    }
    over = true;
    early = null;
    return relay.end(this, claimed);
  }

  @Override
  public void hear(LocalSeat from, byte[] message, boolean text) {
    sitter.hear(message, text);
  }

  /** What he said, as it goes to another node. */
  Buffer letter(byte[] message, boolean text) {
    return RelayFrame.said(room.bytes(), number, claim, ++said, message, text);
  }

  void claims(Future<Long> claimed) {
    this.claimed = claimed;
  }

  /** The seat is his, under this claim; what he said meanwhile goes first. */
  void seated(long itsClaim) {
    claim = itsClaim;
    List<PendingMessage> waiting = early;
    early = null;
    if (waiting != null) {
      waiting.forEach(one -> deliver(one.message, one.text));
    }
  }

  void turnAway() {
    if (!over) {
      early = new ArrayList<>(0);
      sitter.turnedAway();
    }
  }

  Seat seat() {
    return new Seat(room.name(), number);
  }

  Room room() {
    return room;
  }

  SeatState place() {
    return room.place(number);
  }

  boolean isOver() {
    return over;
  }
}
