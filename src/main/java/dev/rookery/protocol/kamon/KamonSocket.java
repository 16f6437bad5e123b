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

/** One socket: ignored until it takes a seat, and then passed on. */
final class KamonSocket implements WebSocketListener, SeatListener {
  private final Connection connection;
  private final Relay relay;
  private @Nullable LocalSeat sitting;

  KamonSocket(Connection connection, Relay relay) {
    this.connection = connection;
    this.relay = relay;
    // Browsers have no way to ping, and players may think for long.
    connection.askWhenSilent();
  }

  @Override
  public void text(byte[] message) {
    LocalSeat mine = sitting;
    if (mine != null) {
      mine.pass(message, true);
      return;
    }
    Seat seat = Registration.of(message);
    if (seat != null) {
      sitting = relay.sit(seat, this);
    }
  }

  @Override
  public void binary(byte[] message) {
    if (sitting != null) {
      sitting.pass(message, false);
    }
  }

  @Override
  public void hear(byte[] message, boolean text) {
    connection.sendFromAnywhere(text ? EncodedFrame.text(message) : EncodedFrame.binary(message));
  }

  @Override
  public void turnedAway() {
    connection.close(CloseReason.RESTART);
  }

  @Override
  public Future<?> closed() {
    return sitting == null ? Future.succeededFuture() : sitting.end();
  }
}
