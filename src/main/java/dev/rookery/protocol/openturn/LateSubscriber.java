package dev.rookery.protocol.openturn;

import dev.rookery.fanout.Delivery;
import dev.rookery.fanout.Subscriber;
import org.jspecify.annotations.Nullable;

/**
 * Stands for a socket that is not open yet. A subscription delivers nothing before it is started,
 * and that is done when the socket is open.
 */
final class LateSubscriber implements Subscriber {
  private @Nullable Subscriber socket;

  void attach(Subscriber opened) {
    socket = opened;
  }

  @Override
  public void onEvent(Delivery delivery) {
    if (socket != null) {
      socket.onEvent(delivery);
    }
  }

  @Override
  public void onLost() {
    if (socket != null) {
      socket.onLost();
    }
  }

  @Override
  public String wire() {
    return OpenturnPreview.WIRE;
  }
}
