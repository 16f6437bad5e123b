package dev.rookery.relay;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A seat requested or held by a socket of this node, until the socket closes. Confined to the
 * socket's event loop, except {@link #deliver}.
 *
 * <p>A later socket may take the seat over. The earlier one then receives nothing any more, but its
 * messages still go to the other player (Kamon contract, Protocol).
 */
public final class LocalSeat implements SeatOccupant {
  /** Messages kept until the seat is granted; further ones are dropped. */
  private static final int PENDING_MAX = 64;

  /** The same in bytes: one message of the greatest length, and some short ones. */
  private static final int PENDING_BYTES_MAX = 160 << 10;

  private final Relay relay;
  private final Room room;
  private final int number;
  private final SeatListener listener;
  private @Nullable List<PendingMessage> pending = new ArrayList<>(2);
  private Future<Long> claimFuture = Future.succeededFuture(0L);
  private long claim;
  private long sentCount;
  private int pendingBytes;
  private boolean released;

  LocalSeat(Relay relay, Room room, int number, SeatListener listener) {
    this.relay = relay;
    this.room = room;
    this.number = number;
    this.listener = listener;
  }

  private record PendingMessage(byte[] message, boolean text) {}

  /**
   * Sends a message to the other player in the room, or drops it if there is none. The bytes must
   * not be modified afterwards. Returns whether the message is kept until the seat is granted.
   */
  public boolean send(byte[] message, boolean text) {
    if (pending == null) {
      forward(message, text);
      return false;
    }
    if (released
        || pending.size() == PENDING_MAX
        || pendingBytes + message.length > PENDING_BYTES_MAX) {
      relay.countDropped();
      return false;
    }
    pendingBytes += message.length;
    pending.add(new PendingMessage(message, text));
    return true;
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

  /**
   * Releases the seat if it is still held. Completes when other nodes have been notified; never
   * fails.
   */
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

  /** Encodes a message for another node. */
  Buffer encode(byte[] message, boolean text) {
    return RelayFrame.encodeMessage(room.bytes(), number, claim, ++sentCount, message, text);
  }

  void setClaim(Future<Long> future) {
    this.claimFuture = future;
  }

  /** The seat is granted; messages sent meanwhile go first. */
  void onGranted(long grantedClaim) {
    claim = grantedClaim;
    List<PendingMessage> messages = pending;
    pending = null;
    if (messages != null) {
      messages.forEach(pendingMessage -> forward(pendingMessage.message, pendingMessage.text));
    }
    listener.onGranted();
  }

  /** Has the socket closed; from any thread. The seat is released with the socket. */
  void close() {
    listener.onClosed();
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
