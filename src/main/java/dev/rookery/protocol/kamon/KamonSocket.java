package dev.rookery.protocol.kamon;

import dev.rookery.edge.CloseReason;
import dev.rookery.edge.Connection;
import dev.rookery.edge.EncodedFrame;
import dev.rookery.edge.WebSocketListener;
import dev.rookery.relay.LocalSeat;
import dev.rookery.relay.Relay;
import dev.rookery.relay.Seat;
import dev.rookery.relay.SeatListener;
import io.vertx.core.Future;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One socket of a two-player game: frames are ignored until it registers for a seat, and then
 * relayed to the other player.
 */
final class KamonSocket implements WebSocketListener, SeatListener {
  /** What a client may send before it registers: a registration has at most 260 bytes. */
  private static final int BYTES_WITHOUT_SEAT_MAX = 300;

  // What a waiting message costs beside its bytes.
  private static final int MESSAGE_OVERHEAD = 64;

  private final Connection connection;
  private final Relay relay;
  private final BooleanSupplier mayRegister;
  private @Nullable LocalSeat seat;
  private int waitingBytes;

  /**
   * @param mayRegister counts a registration; false if there were too many
   */
  KamonSocket(Connection connection, Relay relay, BooleanSupplier mayRegister) {
    this.connection = connection;
    this.relay = relay;
    this.mayRegister = mayRegister;
    connection.expectUse();
    connection.limitBytes(BYTES_WITHOUT_SEAT_MAX);
    // The protocol has no heartbeat, browsers cannot send pings, and players may think for long.
    connection.enableIdlePings();
  }

  @Override
  public void onText(byte[] message) {
    LocalSeat current = seat;
    if (current != null) {
      send(current, message, true);
      return;
    }
    Seat requested = Registration.parse(message);
    if (requested == null) {
      return;
    }
    if (!mayRegister.getAsBoolean()) {
      connection.close(CloseReason.RATE_LIMITED);
      return;
    }
    connection.confirmUse();
    connection.unlimitBytes();
    seat = relay.takeSeat(requested, this);
  }

  @Override
  public void onBinary(byte[] message) {
    if (seat != null) {
      send(seat, message, false);
    }
  }

  private void send(LocalSeat from, byte[] message, boolean text) {
    if (from.send(message, text)) {
      int bytes = message.length + MESSAGE_OVERHEAD;
      waitingBytes += bytes;
      connection.addWaiting(bytes);
    }
  }

  @Override
  public void onGranted() {
    connection.removeWaiting(waitingBytes);
    waitingBytes = 0;
  }

  @Override
  public void onMessage(byte[] message, boolean text) {
    connection.sendFromAnyThread(text ? EncodedFrame.text(message) : EncodedFrame.binary(message));
  }

  @Override
  public void onRejected() {
    connection.close(CloseReason.RESTART);
  }

  @Override
  public void onClosed() {
    connection.close(CloseReason.CLOSED_BY_ADMIN);
  }

  @Override
  public Future<?> onClose() {
    return seat == null ? Future.succeededFuture() : seat.release();
  }
}
