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
import org.jspecify.annotations.Nullable;

/**
 * One socket of a two-player game: frames are ignored until it registers for a seat, and then
 * relayed to the other player.
 */
final class KamonSocket implements WebSocketListener, SeatListener {
  private final Connection connection;
  private final Relay relay;
  private @Nullable LocalSeat seat;

  KamonSocket(Connection connection, Relay relay) {
    this.connection = connection;
    this.relay = relay;
    // The protocol has no heartbeat, browsers cannot send pings, and players may think for long.
    connection.enableIdlePings();
  }

  @Override
  public void onText(byte[] message) {
    LocalSeat current = seat;
    if (current != null) {
      current.send(message, true);
      return;
    }
    Seat requested = Registration.parse(message);
    if (requested != null) {
      seat = relay.takeSeat(requested, this);
    }
  }

  @Override
  public void onBinary(byte[] message) {
    if (seat != null) {
      seat.send(message, false);
    }
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
  public Future<?> onClose() {
    return seat == null ? Future.succeededFuture() : seat.release();
  }
}
