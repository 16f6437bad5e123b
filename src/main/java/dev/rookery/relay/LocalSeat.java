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
  private static final int PENDING_MAX = 64;

  private final Relay relay;
  private final Room room;
  private final int number;
  private final SeatListener listener;
  private @Nullable List<PendingMessage> pending = new ArrayList<>(2);
  private Future<Long> claimFuture = Future.succeededFuture(0L);
  private long claim;
  private long sentCount;
  private boolean released;

  LocalSeat(Relay relay, Room room, int number, SeatListener sitter) {
    this.relay = relay;
    this.room = room;
    this.number = number;
    this.listener = sitter;
  }

  private record PendingMessage(byte[] message, boolean text) {}

  /** To the other player of the room, if there is one; nobody may change the bytes any more. */
  public void send(byte[] message, boolean text) {
    if (pending == null) {
      forward(message, text);
    } else if (pending.size() < PENDING_MAX) {
      pending.add(new PendingMessage(message, text));
    } else {
      relay.countDropped();
    }
  }

  private void forward(byte[] message, boolean text) {
    SeatOccupant other = room.seat(1 - number).occupant();
    if (other == null) {
      relay.countDropped();
    } else {
      other.deliver(this, message, text);
      relay.countRelayed(other);
    }
  }

  /** Frees the seat, if it is still held. Ends when other nodes have been told; never fails. */
  public Future<?> release() {
    if (released) {
      return Future.succeededFuture();
    }
    released = true;
    pending = null;
    return relay.release(this, claimFuture);
  }

  @Override
  public void deliver(LocalSeat from, byte[] message, boolean text) {
    listener.onMessage(message, text);
  }

  /** What he said, as it goes to another node. */
  Buffer encode(byte[] message, boolean text) {
    return RelayFrame.encodeMessage(room.bytes(), number, claim, ++sentCount, message, text);
  }

  void setClaim(Future<Long> claimed) {
    this.claimFuture = claimed;
  }

  /** The seat is his, under this claim; what he said meanwhile goes first. */
  void onGranted(long itsClaim) {
    claim = itsClaim;
    List<PendingMessage> waiting = pending;
    pending = null;
    if (waiting != null) {
      waiting.forEach(one -> forward(one.message, one.text));
    }
  }

  void reject() {
    if (!released) {
      pending = new ArrayList<>(0);
      listener.onRejected();
    }
  }

  Seat seat() {
    return new Seat(room.name(), number);
  }

  Room room() {
    return room;
  }

  SeatState state() {
    return room.seat(number);
  }

  boolean isReleased() {
    return released;
  }
}
